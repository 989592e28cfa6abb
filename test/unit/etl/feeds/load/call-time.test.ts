import { CallTime, TooLongError } from "../../../../../etl/feeds/load/call-time";

const chunk = { object: 1, key: "a.csv", etag: "1", lastModified: "2026-01-01", bytes: 9, start: 0, end: 9 };
/** Of PostgreSQL, after `statement_timeout` or a user's cancel; and of any other refusal. */
const [cancelled, refused] = ["57014", "23514"].map((code) => Object.assign(new Error(code), { code }));

describe("the time of a call for an object that cannot be cut", () => {
  beforeEach(() => void jest.useFakeTimers({ now: 0 }));
  afterEach(() => void jest.useRealTimers());

  const tenSeconds = () => new CallTime(chunk, { locate: (key) => `memory:${key}` }, 10_000);

  test("is over after four fifths of it: the rest is for undoing", () => {
    const time = tenSeconds();

    jest.advanceTimersByTime(7_999);
    expect(() => time.check(3)).not.toThrow();
    jest.advanceTimersByTime(1);
    expect(() => time.check(4)).toThrow(/got 9 bytes, the first 4 rows of it read in 8 s, .*memory:a\.csv/);
  });

  test("explains a cancelled statement only if it is over, and no other error", () => {
    const time = tenSeconds();

    expect(time.explainWriting(cancelled, 3)).toBe(cancelled);
    jest.advanceTimersByTime(8_000);
    expect(time.explainWriting(refused, 3)).toBe(refused);
    expect(time.explainWriting(cancelled, 3)).toBeInstanceOf(TooLongError);
    expect(time.explainWriting(cancelled, 3)).toMatchObject({ isRead: true });
  });
});
