import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Context, SQSEvent, SQSRecord } from "aws-lambda";
import type { Step, Tools } from "./step";

/** Lambda reports these as failed; the others leave the queue. */
export interface QueueResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** The work of one invocation. */
export interface QueueWork {
  readonly handle: (record: SQSRecord) => Promise<void>;
  /** Additional results, for manual invocations: Lambda reads only the failures. */
  readonly result?: () => object;
}

/**
 * Makes a Lambda handler of a step fed by a queue. Records are handled one after the other; a failed one stays in the
 * queue and does not delay the others.
 *
 * @param begin called at the start of each invocation
 */
export function defineQueueStep(
  { pipeline, name }: Pick<Step<never>, "pipeline" | "name">,
  begin: (records: readonly SQSRecord[], tools: Tools) => QueueWork,
) {
  const logger = new Logger({ serviceName: pipeline, persistentKeys: { step: name } });
  const metrics = new Metrics({ namespace: "millrace", serviceName: pipeline, defaultDimensions: { step: name } });

  return async (event: SQSEvent, context: Context): Promise<QueueResponse> => {
    logger.addContext(context);
    const started = performance.now();
    const remainingMs = context.getRemainingTimeInMillis.bind(context);
    const work = begin(event.Records, { logger, metrics, remainingMs });
    const handleLogged = async (record: SQSRecord) => {
      try {
        await work.handle(record);
      } catch (cause) {
        const error = cause instanceof Error ? cause : new Error(String(cause));
        logger.error("record failed", { error, messageId: record.messageId, tries: triesOf(record) });
        throw error;
      }
    };
    try {
      const failures = await processPartialResponse(event, handleLogged, new BatchProcessor(EventType.SQS), {
        context,
        processInParallel: false,
        throwOnFullBatchFailure: false,
      });
      return { ...failures, ...work.result?.() };
    } finally {
      metrics.addMetric("duration", MetricUnit.Milliseconds, Math.round(performance.now() - started));
      metrics.publishStoredMetrics();
    }
  };
}

/** How many times a record was received, including this time. */
export function triesOf({ attributes }: SQSRecord): number {
  return Number(attributes.ApproximateReceiveCount);
}
