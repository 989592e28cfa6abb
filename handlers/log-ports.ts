import type { Logger } from "@aws-lambda-powertools/logger";
import type { Notifier, Progress } from "../etl/core/ports";

/** One line for each stage that a run has behind it. */
export function logProgress(logger: Pick<Logger, "info">): Progress {
  return {
    advance: () => undefined,
    finish: (stage, subject) => logger.info("stage done", { stage, subject }),
  };
}

/** To the log only: on AWS the state machine notifies, which also knows of a crash and of a time-out. */
export function logNotifier(logger: Pick<Logger, "info">): Notifier {
  return {
    notify: async ({ text, status, runId }) => logger.info(text, { status, runId }),
  };
}
