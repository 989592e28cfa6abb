import { toDay } from "../../../../../scripts/command-line/to-day";
import { cutWindows, dayOf, toDays } from "../../../../../scripts/ops/backfill/windows";

describe("the day of a key", () => {
  test.each([
    ["sales/2026-03-01.csv", "2026-03-01"],
    ["sales/20260301_b.csv.gz", "2026-03-01"],
    ["sales/2026/03/01/part-0001.csv", "2026-03-01"],
    ["sales/shop-12345678-2026_03_01.csv", "2026-03-01"],
    ["sales/2024-02-29.csv", "2024-02-29"],
    ["sales/2026-02-29.csv", undefined],
    ["sales/2026-03/01.csv", undefined],
    ["sales/120260301.csv", undefined],
    ["sales/20261301-20260302.csv", "2026-03-02"],
    ["sales/undated.csv", undefined],
  ])("%s: %s", (key, day) => {
    expect(dayOf(key)).toBe(day);
  });
});

describe("windows of a backfill", () => {
  const object = (day: string, key = `sales/${day}.csv`) => ({ key, etag: "e", bytes: 1, day });

  test("are in the order of days, each of so many days from the first on, and none is empty", () => {
    const days = ["2026-03-09", "2026-03-02", "2026-03-01", "2026-02-28", "2026-03-03"];
    const windows = cutWindows([...days.map((day) => object(day)), object("2026-03-02", "a")], "2026-02-27", 3);
    expect(windows.map(({ from, to, objects }) => [from, to, objects.map(({ key }) => key)])).toEqual([
      ["2026-02-28", "2026-03-01", ["sales/2026-02-28.csv", "sales/2026-03-01.csv"]],
      ["2026-03-02", "2026-03-03", ["a", "sales/2026-03-02.csv", "sales/2026-03-03.csv"]],
      ["2026-03-09", "2026-03-09", ["sales/2026-03-09.csv"]],
    ]);
  });

  test("are cut where their keys do not fit into a run's input of 256 KiB", () => {
    const many = Array.from({ length: 700 }, (_, at) => object("2026-03-01", `${at}`.padStart(1_000, "k")));
    const windows = cutWindows(many, "2026-03-01", 1);
    expect(windows.flatMap(({ objects }) => objects)).toHaveLength(700);
    expect(windows.length).toBeGreaterThan(2);
    for (const { objects } of windows)
      expect(JSON.stringify({ replay: objects.map(({ key }) => key) }).length).toBeLessThan(262_144);
  });

  test("what is no day, or no number of days, is refused", () => {
    expect([toDay("2026-03-01"), toDays("7d")]).toEqual(["2026-03-01", 7]);
    for (const text of ["2026-3-1", "2026-02-30", "yesterday"]) expect(() => toDay(text)).toThrow(/expected a day/);
    for (const text of ["0d", "7", "367d", "1w"]) expect(() => toDays(text)).toThrow(/expected a number of days/);
  });
});
