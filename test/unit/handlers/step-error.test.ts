import type { Feed } from "../../../etl/core/contract/contract";
import { CsvError, DatabaseError, RejectedLimitError, SourceError, UsageError } from "../../../etl/core/errors";
import { TransientSourceError } from "../../../etl/core/fetch/errors";
import type { RangedObjects } from "../../../etl/core/objects/objects";
import { diagnoseFeed, requirePassed } from "../../../etl/feeds/doctor/doctor";
import { asStepError, OUT_OF_TIME, TRANSIENT_ERROR_NAMES } from "../../../handlers/step-error";
import { stepRetries } from "../../../modules/workflow/retries";
import { TRANSIENT_ERRORS } from "../../../stacks/etl/pipeline";

describe("asStepError", () => {
  test.each(
    [
      ["08006", "57P01", "57P03", "40001", "40P01", "53300", "55P03", "28P01"],
      ["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EAI_AGAIN"],
    ].flat(),
  )("names %s of a database transient, wherever it is in the chain", (code) => {
    // Prepare
    const lost = new DatabaseError("lost", { cause: Object.assign(new Error("driver"), { code }) });

    // Act
    const error = asStepError(new Error("the run failed", { cause: lost }));

    // Assess
    expect(error).toMatchObject({ name: "TransientDatabaseError", message: "the run failed" });
  });

  test("knows a lost connection that has no code", () => {
    const cause = new Error("Connection terminated unexpectedly");
    expect(asStepError(new DatabaseError("lost", { cause })).name).toBe("TransientDatabaseError");
  });

  test("names a database that was at work until the function's time was nearly up as a kill that is tried again once", () => {
    // Prepare
    const late = new DatabaseError("not done", { cause: Object.assign(new Error("late"), { code: "ETIME" }) });

    // Act
    const error = asStepError(new Error("the run failed", { cause: late }));

    // Assess
    const retriers = stepRetries(TRANSIENT_ERRORS).filter(({ ErrorEquals }) => ErrorEquals.includes(error.name));
    expect(error.name).toBe(OUT_OF_TIME);
    expect(retriers).toEqual([expect.objectContaining({ MaxAttempts: 1 })]);
  });

  test.each([
    ["57P03", "TransientDatabaseError"],
    ["ECONNREFUSED", "TransientDatabaseError"],
    ["28000", "PreflightError"],
    ["3D000", "PreflightError"],
  ])("names a preflight that met %s of the database %s", async (code, name) => {
    // Prepare
    const cause = new DatabaseError("refused", { cause: Object.assign(new Error("driver"), { code }) });
    const objects = { name: "none", async *list() {} } as unknown as RangedObjects;
    const openDatabase = () => Promise.reject(cause);
    const contract = { name: "none" } as Feed;

    // Act
    const checks = await diagnoseFeed({ contract, objects, openDatabase });

    // Assess
    const error = failureOf(() => requirePassed(checks));
    expect(asStepError(error)).toMatchObject({ name, message: expect.stringContaining("The import cannot run") });
  });

  test("names a source that may come back", () => {
    const last = new TransientSourceError("HTTP 503", {});
    expect(asStepError(new SourceError("given up", { cause: last })).name).toBe("SourceUnavailableError");
  });

  test.each<[string, object]>([
    ["is down", { $fault: "server" }],
    ["throttles", { $fault: "client", $retryable: { throttling: true } }],
    ["cannot be reached", { name: "TimeoutError" }],
    ["breaks off", { code: "ECONNRESET" }],
  ])("names an AWS service that %s", (_, facts) => {
    const cause = Object.assign(new Error("from the SDK"), facts);
    expect(asStepError(new SourceError("unreadable", { cause })).name).toBe("TransientServiceError");
  });

  test.each([
    new CsvError("no header"),
    new RejectedLimitError("too many"),
    new UsageError("wrong event"),
    new SourceError("not there"),
    new DatabaseError("no such table", { cause: Object.assign(new Error("driver"), { code: "42P01" }) }),
    Object.assign(new Error("access denied"), { $fault: "client", name: "AccessDenied" }),
  ])("leaves alone what is wrong every time: $name, $message", (error) => {
    expect(asStepError(error)).toBe(error);
  });

  test("makes an error of whatever was thrown", () => {
    expect(asStepError("odd")).toMatchObject({ name: "Error", message: "odd" });
  });
});

test("gives the names that the state machine retries", () => {
  expect([...TRANSIENT_ERRORS].sort()).toEqual([...TRANSIENT_ERROR_NAMES].sort());
});

function failureOf(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}
