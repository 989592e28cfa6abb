import type { Logger } from "@aws-lambda-powertools/logger";
import type { Notifier, Progress } from "../etl/core/ports";

/** One line for each finished stage of a run. */
export function logProgress(logger: Pick<Logger, "info">): Progress {
  return {
    advance: () => undefined,
    finish: (stage, subject) => logger.info("stage done", { stage, subject }),
  };
}

/** To the log only: on AWS the state machine notifies, which also reports crashes and time-outs. */
export function logNotifier(logger: Pick<Logger, "info">): Notifier {
  return {
    notify: async ({ text, status, runId }) => logger.info(text, { status, runId }),
  };
}
