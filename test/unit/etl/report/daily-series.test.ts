import { dailyChanges, trailingMean } from "../../../../etl/report/daily-change";
import { lastDays, toDailySeries } from "../../../../etl/report/daily-series";

const columns = [{ column: "cases", title: "Cases" }];

describe("toDailySeries", () => {
  test("one unknown day stands for the days that are missing between two rows", () => {
    const series = toDailySeries(columns, [
      { day: "2020-02-28", figures: [10] },
      { day: "2020-02-29", figures: [12] },
      { day: "2020-03-05", figures: [20] },
    ]);
    expect(series.days).toEqual(["2020-02-28", "2020-02-29", "2020-03-01", "2020-03-05"]);
    expect(series.values[0]?.figures).toEqual([10, 12, null, 20]);
  });

  test("no rows make an empty series that still knows its columns", () => {
    expect(toDailySeries(columns, [])).toEqual({ days: [], values: [{ ...columns[0], figures: [] }] });
  });

  test("lastDays keeps days and figures in step", () => {
    const series = toDailySeries(columns, [
      { day: "2020-12-31", figures: [1] },
      { day: "2021-01-01", figures: [3] },
    ]);
    expect(lastDays(series, 1)).toEqual({ days: ["2021-01-01"], values: [{ ...columns[0], figures: [3] }] });
  });
});

describe("dailyChanges", () => {
  test("the first day and the days around an unknown one are unknown, not 0", () => {
    expect(dailyChanges([5, 7, null, 9, 12])).toEqual([null, 2, null, null, 3]);
  });

  test("counts that were taken back are negative", () => {
    expect(dailyChanges([100, 90, 90])).toEqual([null, -10, 0]);
  });

  test("exact up to 2^53-1", () => {
    expect(dailyChanges([0, Number.MAX_SAFE_INTEGER])).toEqual([null, 9007199254740991]);
  });
});

describe("trailingMean", () => {
  test("is unknown until all of its days are known", () => {
    expect(trailingMean([null, 3, 6, 10, null, 2], 3)).toEqual([null, null, null, 6, null, null]);
  });

  test("takes seven days by default", () => {
    expect(trailingMean([7, 7, 7, 7, 7, 7, 14])).toEqual([null, null, null, null, null, null, 8]);
  });
});
