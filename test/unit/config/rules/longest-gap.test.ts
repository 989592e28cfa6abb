import { longestGapHours } from "../../../../config/rules/longest-gap";

test.each([
  ["rate(1 day)", 24],
  ["rate(30 minutes)", 1],
  ["rate(90 minutes)", 2],
  ["rate(6 hours)", 6],
  ["rate(10 days)", 240],
  ["cron(30 6 * * ? *)", 24],
  ["cron(0 * * * ? *)", 1],
  ["cron(0 6,18 * * ? *)", 12],
  ["cron(0 8-17 * * ? *)", 15],
  ["cron(0 0/6 * * ? *)", 6],
  ["cron(0 */6 * * ? *)", 6],
  ["cron(0 7 ? * MON-FRI *)", 72],
  ["cron(0 7 ? * 2-6 *)", 72],
  ["cron(0 7 ? * FRI-MON *)", 96],
  ["cron(0 7 ? * sun,wed *)", 96],
  ["cron(0 7 ? * TUE *)", 168],
  ["cron(0 7 1 * ? *)", undefined],
  ["cron(0 7 L * ? *)", undefined],
  ["cron(0 7 ? * 2#1 *)", undefined],
  ["cron(0 7 ? * 6L *)", undefined],
  ["cron(0 7 * 1-6 ? *)", undefined],
  ["cron(0 7 * * ? 2027)", undefined],
  ["at(2026-12-24T18:00:00)", undefined],
])("of %s the longest gap is %j hours", (expression, hours) => {
  expect(longestGapHours(expression)).toBe(hours);
});
