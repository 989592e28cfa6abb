import type { Config } from "../../../../config/schema";
import { UsageError } from "../../../../etl/core/errors";
import { findPipeline, startablePipeline } from "../../../ops/pipeline-names";
import { ExecutionError } from "./run-to-end";

/** The name in handlers/step-error.ts of a step's error for a download without an answer. */
const SOURCE_UNAVAILABLE = "SourceUnavailableError";

/**
 * The pipeline that tests a deployment: the named one, or the configured one, or the first that can be started;
 * undefined if none can.
 *
 * @throws UsageError if the requested one cannot be started
 */
export function smokePipeline(config: Config, named = config.smokeTest.pipeline): string | undefined {
  if (named === undefined) return startablePipeline(config);
  const { name, machine } = findPipeline(config, named);
  if (machine !== undefined) return name;
  throw new UsageError(`The pipeline ${name} cannot be started: objects start it`, {
    fix: "Name one with a schedule: --pipeline, or smokeTest.pipeline in the configuration",
  });
}

/** Whether a deployment counts as good although its smoke test failed: a foreign server does not answer. */
export function isPassable({ smokeTest }: Config, error: unknown): error is ExecutionError {
  return error instanceof ExecutionError && error.failure === SOURCE_UNAVAILABLE && !smokeTest.needsSource;
}
