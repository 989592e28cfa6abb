import { parseRetryAfter } from "../../../../../etl/core/fetch/status";

describe("parseRetryAfter", () => {
  const now = Date.UTC(2026, 10, 21, 9, 0, 0);

  test.each([
    ["120", 120_000],
    [" 0 ", 0],
    ["Sat, 21 Nov 2026 09:00:30 GMT", 30_000],
    ["Sat, 21 Nov 2026 08:59:30 GMT", 0],
    ["soon", 0],
    ["-5", 0],
    ["", 0],
    [undefined, 0],
  ])("%p is %i ms", (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });
});
