import * as fc from "fast-check";
import type { CasesRecord } from "../../../../../etl/pipelines/covid/contracts";
import { CountsByDay } from "../../../../../etl/pipelines/covid/counts-by-day";
import { type Join, mergeByDate, recoveriesByDate } from "../../../../../etl/pipelines/covid/merge";

async function* inBatches<Item>(items: readonly Item[], size: number): AsyncGenerator<readonly Item[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}

async function merge(
  cases: readonly CasesRecord[],
  recoveries: Iterable<readonly [string, number | null]> | CountsByDay,
  join: Join = "left",
) {
  const known = recoveries instanceof CountsByDay ? recoveries : new CountsByDay(recoveries);
  const warnings: string[] = [];
  const merged = [];
  for await (const batch of mergeByDate(inBatches(cases, 2), known, join, (text) => warnings.push(text))) {
    merged.push(...batch);
  }
  return { merged, warnings };
}

describe("mergeByDate", () => {
  test("a left join keeps every day, an inner join those with a figure", async () => {
    const cases = ["2020-01-01", "2020-01-02", "2020-01-03"].map((date, at) => ({ date, cases: at, deaths: 0 }));
    const recoveries = new Map([
      ["2020-01-02", 5],
      ["2020-01-03", null],
      ["2020-01-09", 9],
    ]);
    const left = await merge(cases, recoveries);
    const inner = await merge(cases, recoveries, "inner");
    expect(left.merged.map((day) => day.recoveries)).toEqual([null, 5, null]);
    expect(inner.merged).toEqual([{ date: "2020-01-02", cases: 1, deaths: 0, recoveries: 5 }]);
  });

  test("passes a day that comes twice on twice, in order, and warns", async () => {
    const cases = [
      { date: "2020-01-01", cases: 1, deaths: 0 },
      { date: "2020-01-01", cases: 2, deaths: 0 },
    ];
    const { merged, warnings } = await merge(cases, new Map());
    expect(merged.map((day) => day.cases)).toEqual([1, 2]);
    expect(warnings).toEqual(["cases: 2020-01-01 comes twice, the last row wins"]);
  });

  test("warns once of a day that comes more often, and refuses a file whose days do", async () => {
    const days = (rows: number, often: number) =>
      Array.from({ length: rows }, (_, at) => `2020-02-${String(1 + (Math.floor(at / often) % 28)).padStart(2, "0")}`);
    const casesOf = (dates: readonly string[]) => dates.map((date) => ({ date, cases: 1, deaths: 0 }));
    const states = days(28 * 5, 5);

    expect((await merge(casesOf(days(15, 5)), new Map())).warnings).toHaveLength(3);
    expect((await merge(casesOf([...days(28, 1), ...days(28, 1)]), new Map())).warnings).toHaveLength(28);
    await expect(merge(casesOf(states), new Map())).rejects.toThrow(
      "The cases have several rows for each day, nothing was loaded: got 140 rows of 28 days, expected one row for each day",
    );
    await expect(
      recoveriesByDate(
        inBatches(
          states.map((date) => ({ date, recoveries: 1 })),
          9,
        ),
        () => undefined,
      ),
    ).rejects.toThrow("The recoveries have several rows for each day");
  });

  test("warns of each count that falls from one day to a later one", async () => {
    const cases = [
      { date: "2020-01-01", cases: 9, deaths: 3 },
      { date: "2020-01-02", cases: 8, deaths: 2 },
      { date: "2019-12-31", cases: 1, deaths: 1 },
    ];
    const { warnings } = await merge(
      cases,
      new Map([
        ["2020-01-01", 5],
        ["2020-01-02", 4],
      ]),
    );
    expect(warnings).toEqual([
      "cases: 8 on 2020-01-02 is less than 9 on 2020-01-01, though it is cumulative",
      "deaths: 2 on 2020-01-02 is less than 3 on 2020-01-01, though it is cumulative",
      "recoveries: 4 on 2020-01-02 is less than 5 on 2020-01-01, though it is cumulative",
    ]);
  });

  test("joins as a map would, for any days", async () => {
    const anyDay = fc
      .date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    const day = fc.oneof(fc.constantFrom("2019-12-31", "2020-01-01", "2020-02-01", "9999-12-31"), anyDay);
    const figure = fc.nat(5);
    const caseRows = fc.array(fc.record({ date: day, cases: figure, deaths: figure }));
    const recoveryRows = fc.array(fc.record({ date: day, recoveries: fc.option(figure) }));
    await fc.assert(
      fc.asyncProperty(caseRows, recoveryRows, async (cases, rows) => {
        const byDate = await recoveriesByDate(inBatches(rows, 3), () => undefined);
        const { merged } = await merge(cases, byDate);
        expect(byDate.size).toBe(new Set(rows.map((row) => row.date)).size);
        const expected = new Map(rows.map((row) => [row.date, row.recoveries]));
        expect(merged).toEqual(cases.map((row) => ({ ...row, recoveries: expected.get(row.date) ?? null })));
      }),
    );
  });
});

describe("recoveriesByDate", () => {
  test("lets the last row of a day win, and warns", async () => {
    const warnings: string[] = [];
    const rows = [
      { date: "2020-01-01", recoveries: 1 },
      { date: "2020-01-01", recoveries: null },
    ];
    const byDate = await recoveriesByDate(inBatches(rows, 1), (text) => warnings.push(text));
    expect([byDate.size, byDate.get("2020-01-01")]).toEqual([1, null]);
    expect(warnings).toEqual(["recoveries: 2020-01-01 comes twice, the last row wins"]);
  });

  test("leaves out days that no source can have, as a table may hold them", () => {
    const byDate = new CountsByDay([
      ["10000-01-01", 7],
      ["0044-03-15 BC", 8],
    ]);
    expect([byDate.size, byDate.get("1000-01-01"), byDate.get("0044-03-15")]).toEqual([0, null, null]);
  });
});
