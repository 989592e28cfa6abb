import type { Config } from "../../../../config/schema";
import { UsageError } from "../../../../etl/core/errors";
import { findPipeline, startablePipeline } from "../../../ops/pipeline-names";
import { ExecutionError } from "./run-to-end";

/** As handlers/step-error.ts calls what a download that does not answer ends a step with. */
const SOURCE_UNAVAILABLE = "SourceUnavailableError";

/**
 * The pipeline that shows whether a deployment works: the one named, else the configured one, else the first that can be
 * started; undefined where none can.
 *
 * @throws UsageError where the one that is asked for cannot be started
 */
export function smokePipeline(config: Config, named = config.smokeTest.pipeline): string | undefined {
  if (named === undefined) return startablePipeline(config);
  const { name, machine } = findPipeline(config, named);
  if (machine !== undefined) return name;
  throw new UsageError(`The pipeline ${name} cannot be started: objects start it`, {
    fix: "Name one with a schedule: --pipeline, or smokeTest.pipeline in the configuration",
  });
}

/** Whether a deployment is good though its smoke test failed: somebody else's server does not answer. */
export function isPassable({ smokeTest }: Config, error: unknown): error is ExecutionError {
  return error instanceof ExecutionError && error.failure === SOURCE_UNAVAILABLE && !smokeTest.needsSource;
}
