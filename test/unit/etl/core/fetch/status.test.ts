import { TransientSourceError } from "../../../../../etl/core/fetch/errors";
import { parseRetryAfter, statusError } from "../../../../../etl/core/fetch/status";

describe("statusError", () => {
  const errorOf = (status: number, headers = {}) => statusError({ source: "https://host/us.csv", status, headers });

  test.each([408, 425, 429, 500, 503, 599])(
    "is tried again after %i, and waits as long as the server says",
    (status) => {
      const error = errorOf(status, { "retry-after": "7" });

      expect(error).toBeInstanceOf(TransientSourceError);
      expect(error).toMatchObject({ retryAfterMs: 7_000, message: expect.stringContaining(`got HTTP ${status}`) });
    },
  );

  test.each([
    [401, /Give credentials/],
    [404, /moved, renamed or deleted/],
    [499, /Open the address in a browser/],
  ])("is final after %i, with what to do", (status, fix) => {
    const error = errorOf(status);

    expect(error).not.toBeInstanceOf(TransientSourceError);
    expect(error.message).toMatch(fix);
    expect(error.message).toContain("https://host/us.csv");
  });
});

test("a missing file of a day is no moved data set", () => {
  const answer = { source: "https://host/2026-03-03.csv", status: 404, headers: {} };

  expect(statusError(answer, "2026-03-03").message).toContain("There is no file of 2026-03-03, or not yet");
});

test("braces that stand for nothing are named", () => {
  const answer = { source: "https://host/%7Bdat%7D.csv", status: 404, headers: {} };

  expect(statusError(answer).message).toContain("In braces only {date} is replaced");
});

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
