import { formatChange, formatFigure } from "../../../../etl/report/figure-format";
import { describeKey, revisedColumns } from "../../../../etl/report/revised-columns";
import { formatDuration, formatInstant } from "../../../../etl/report/time-format";

test.each([
  [0, "0"],
  [7262695, "7,262,695"],
  [9007199254740991, "9,007,199,254,740,991"],
  [null, "unknown"],
])("the figure %p reads %p", (figure, text) => expect(formatFigure(figure)).toBe(text));

test.each([
  [42028, "+42,028"],
  [-1234, "\u22121,234"],
  [0, "0"],
  [null, "unknown"],
])("the change %p reads %p", (change, text) => expect(formatChange(change)).toBe(text));

test.each([
  [-5, "0.0 s"],
  [840, "0.8 s"],
  [9_960, "10 s"],
  [59_400, "59 s"],
  [59_600, "1 min 0 s"],
  [200_000, "3 min 20 s"],
  [3_599_900, "1 h 0 min"],
  [7_500_000, "2 h 5 min"],
])("a duration of %p ms reads %p", (milliseconds, text) => expect(formatDuration(milliseconds)).toBe(text));

test("a time is shown in UTC, wherever the reader is", () => {
  expect(formatInstant(new Date("2020-10-05T23:59:31+02:00"))).toBe("2020-10-05 21:59 UTC");
});

test("a revision tells the columns that differ, and an unknown figure from 0", () => {
  const before = { cases: 1000, deaths: 0, recoveries: null, note: "a" };
  const after = { cases: 1001, deaths: 0, recoveries: 0, note: "a" };
  expect(revisedColumns({ before, after })).toEqual([
    { column: "cases", before: "1,000", after: "1,001" },
    { column: "recoveries", before: "unknown", after: "0" },
  ]);
});

test("a key of several columns reads as a list", () => {
  expect(describeKey({ date: "2020-09-30", region: 31 })).toBe("2020-09-30, 31");
});
