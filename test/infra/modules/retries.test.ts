import { attempts, longestSeconds, stepRetries } from "../../../modules/workflow/retries";
import type { Retrier } from "../../../modules/workflow/states";

const retrier = (settings: Partial<Retrier>): Retrier => ({
  ErrorEquals: ["SomeError"],
  IntervalSeconds: 5,
  BackoffRate: 3,
  MaxAttempts: 3,
  MaxDelaySeconds: 60,
  JitterStrategy: "FULL",
  ...settings,
});

describe("retries", () => {
  test("counts the first attempt and each retrier's own", () => {
    expect(attempts([])).toBe(1);
    expect(attempts([retrier({ MaxAttempts: 3 }), retrier({ MaxAttempts: 1 })])).toBe(5);
  });

  test("adds every attempt's time-out and every full delay, none above its limit", () => {
    expect(longestSeconds(100, [])).toBe(100);
    expect(longestSeconds(100, [retrier({})])).toBe(400 + 5 + 15 + 45);
    expect(longestSeconds(100, [retrier({ MaxDelaySeconds: 10 })])).toBe(400 + 5 + 10 + 10);
  });

  test("tries a killed function again once, and a transient error as named", () => {
    const [transient, killed] = stepRetries(["OwnError"]);

    expect(transient?.ErrorEquals).toContain("OwnError");
    expect(killed).toMatchObject({ MaxAttempts: 1, ErrorEquals: expect.arrayContaining(["Sandbox.Timedout"]) });
    expect(transient?.ErrorEquals.filter((error) => killed?.ErrorEquals.includes(error))).toEqual([]);
  });
});
