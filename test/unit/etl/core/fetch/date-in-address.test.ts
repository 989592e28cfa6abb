import { addressesOfRun, hasDate, isDateInPlace, isDay } from "../../../../../etl/core/fetch/date-in-address";

const today = () => new Date().toISOString().slice(0, 10);

test.each([
  ["2026-03-01", true],
  ["2024-02-29", true],
  ["2026-02-29", false],
  ["2026-3-1", false],
  ["0000-01-01", false],
  ["20260301", false],
  ["2026-03-01T00:00", false],
  ["", false],
])("%j is a day: %s", (text, is) => {
  expect(isDay(text)).toBe(is);
});

describe("{date} in an address", () => {
  test.each(["https://host/us.csv", "https://host/{date}/us-{date}.csv", "https://me:pw@host/us.csv?day={date}&of=us"])(
    "may be as in %s",
    (address) => {
      expect(isDateInPlace(address)).toBe(true);
    },
  );

  test.each([
    "https://{date}/us.csv",
    "https://{date}.example.com/us.csv?day={date}",
    "https://host:{date}/us.csv",
    "https://{date}:pw@host/us.csv",
    "https://me:{date}@host/us.csv",
    "https://host/us.csv#{date}",
    "{date}://host/us.csv",
  ])("may not be as in %s", (address) => {
    expect(isDateInPlace(address)).toBe(false);
  });

  test("is none in the path of a file", () => {
    expect(["https://host/{date}.csv", "raw/{date}.csv", "https://host/us.csv"].map(hasDate)).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe("addressesOfRun", () => {
  const addresses = { cases: "https://host/{date}/us.csv?of={date}", recoveries: "https://host/all.csv" };

  test("asks for the run's day in each place; what has no place for one is of the day of the download", () => {
    const began = today();
    const { cases, recoveries } = addressesOfRun(addresses, "2026-03-01");

    expect(cases).toEqual({
      url: "https://host/2026-03-01/us.csv?of=2026-03-01",
      day: "2026-03-01",
      isOfDay: true,
    });
    expect([began, today()]).toContain(recoveries.day);
    expect(recoveries).toMatchObject({ url: "https://host/all.csv", isOfDay: false });
  });

  test("asks for today without a day", () => {
    const began = today();
    const { cases } = addressesOfRun(addresses, undefined);

    expect([began, today()]).toContain(cases.day);
    expect(cases).toEqual({
      url: `https://host/${cases.day}/us.csv?of=${cases.day}`,
      day: cases.day,
      isOfDay: true,
    });
  });

  test("refuses a day where no address has a place for one", () => {
    expect(() => addressesOfRun({ cases: "https://host/us.csv", recoveries: "{date}.csv" }, "2026-03-01")).toThrow(
      "No source is of a day: got the day 2026-03-01, and no address with {date}",
    );
  });

  test("refuses an address with it in another place, and shows nothing of it", () => {
    const act = () => addressesOfRun({ cases: "https://me:s3cret@{date}.example.com/us.csv" }, undefined);

    expect(act).toThrow(/^\{date\} is not where an address may have it: expected it in the path or the query/);
    expect(act).not.toThrow(/s3cret|example/);
  });
});
