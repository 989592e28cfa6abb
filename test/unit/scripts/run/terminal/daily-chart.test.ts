import { drawDailyChart } from "../../../../../scripts/run/terminal/daily-chart";

const lines = (figures: readonly (number | null)[]) => drawDailyChart(figures)?.split("\n") ?? [];
/** The columns of the line itself, right of labels and axis. */
const column = (figures: readonly (number | null)[], day: number) =>
  lines(figures)
    .map((line) => line[8 + day] ?? " ")
    .join("");

test("draws a line over an axis that begins at 0", () => {
  const drawn = lines([100, 200, 300, 400]);
  expect(drawn).toHaveLength(9);
  expect(drawn[0]).toMatch(/^ +400 [┤┼]/);
  expect(drawn.at(-1)).toMatch(/^ +0 [┤┼]/);
});

test("an unknown day interrupts the line", () => {
  const figures = [1, 2, null, 4, 5];
  expect(column(figures, 0).trim()).not.toBe("");
  expect(column(figures, 1).trim()).toBe("");
  expect(column(figures, 2).trim()).toBe("");
  expect(column(figures, 3).trim()).not.toBe("");
});

test("a negative day goes below 0", () => {
  const drawn = lines([10, -10, 10]);
  const zero = drawn.findIndex((line) => /^ +0 /.test(line));
  expect(zero).toBeGreaterThan(0);
  expect(drawn.slice(zero + 1).join("")).toMatch(/[╰╯]/);
});

test("unknown days at either end are left out; nothing is drawn of fewer than two days", () => {
  expect(lines([3, 4])).toHaveLength(9);
  expect(drawDailyChart([null, 3, 4, null])).toBe(drawDailyChart([3, 4]));
  expect(drawDailyChart([null, 3, null])).toBeUndefined();
  expect(drawDailyChart([])).toBeUndefined();
});

test("days of nothing are a flat line", () => {
  expect(drawDailyChart([0, 0, 0])).toMatch(/0 [┤┼]─/);
});
