import { dev } from "../../../../../../config/dev";
import { overrideConfig } from "../../../../../../config/load";
import type { Overrides } from "../../../../../../config/overrides";
import { TRANSIENT_ERROR_NAMES } from "../../../../../../handlers/step-error";
import { ExecutionError } from "../../../../../../scripts/deliver/workflow/smoke/run-to-end";
import { isPassable, smokePipeline } from "../../../../../../scripts/deliver/workflow/smoke/smoke-pipeline";

const configOf = (overrides: Overrides) => overrideConfig(dev, overrides);
/** Those that are on, whatever a team has added. */
const only = (...names: readonly string[]) => ({
  pipelines: Object.fromEntries(
    Object.keys(configOf({}).pipelines).map((name) => [name, { enabled: names.includes(name) }]),
  ),
});
const failed = (failure: string | undefined) => new ExecutionError("The execution did not succeed", { failure });

describe("the pipeline of the smoke test", () => {
  test.each([
    { which: "the first that can be started", overrides: only("orders", "covid"), expected: "covid" },
    {
      which: "the next where that is off",
      overrides: { ...only("orders"), feeds: { sales: {} } },
      expected: "sales",
    },
    { which: "none where objects start all that is on", overrides: only("orders", "metadata"), expected: undefined },
    {
      which: "the one in the configuration",
      overrides: { ...only("covid"), feeds: { sales: {} }, smokeTest: { pipeline: "sales" } },
      expected: "sales",
    },
  ])("is $which", ({ overrides, expected }) => {
    expect(smokePipeline(configOf(overrides))).toBe(expected);
  });

  test("is refused where it cannot be started, is off or is not there", () => {
    expect(() => smokePipeline(configOf({}), "orders")).toThrow("objects start it");
    expect(() => smokePipeline(configOf(only("orders")), "covid")).toThrow("is switched off");
    expect(() => smokePipeline(configOf({ smokeTest: { pipeline: "sales" } }))).toThrow("There is no such pipeline");
  });
});

describe("a smoke test that failed", () => {
  test("lets the deployment pass where a source does not answer, unless the configuration needs it", () => {
    const [unavailable] = TRANSIENT_ERROR_NAMES;

    expect(isPassable(configOf({}), failed(unavailable))).toBe(true);
    expect(isPassable(configOf({ smokeTest: { needsSource: true } }), failed(unavailable))).toBe(false);
  });

  test.each(["TransientDatabaseError", "RejectedLimitError", "Lambda.Unknown", undefined])(
    "stops it after %s",
    (name) => {
      expect(isPassable(configOf({}), failed(name))).toBe(false);
      expect(isPassable(configOf({}), new Error("SourceUnavailableError"))).toBe(false);
    },
  );
});
