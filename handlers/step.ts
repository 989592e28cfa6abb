import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Context } from "aws-lambda";
import type * as z from "zod";
import { AWS_PATIENCE } from "../etl/adapters/aws/patience";
import { UsageError } from "../etl/core/errors";
import { describeIssues } from "./environment";
import { asStepError } from "./step-error";

/** A step's means of reporting. */
export interface Tools {
  /** One JSON line per entry. */
  readonly logger: Logger;
  /** In the embedded metric format, namespace `millrace`, by pipeline (`service`) and `step`. */
  readonly metrics: Metrics;
  /** Milliseconds until Lambda ends the function. */
  readonly remainingMs: () => number;
}

/** What Lambda calls. */
export type Handler<Result> = (input: unknown, context: Context) => Promise<Result>;

/** Whether an input asks for something by this name. */
export function hasPart(input: unknown, name: string): boolean {
  return typeof input === "object" && input !== null && name in input;
}

/** One Lambda of a pipeline. */
export interface Step<Event extends z.ZodType> {
  readonly pipeline: string;
  readonly name: string;
  readonly event: Event;
}

/** A step that logs less than its result. */
export interface TellingStep<Event extends z.ZodType, Result> extends Step<Event> {
  /** @default the whole result */
  readonly told?: (result: Result) => unknown;
}

/** For every AWS client: an endpoint that is unreachable or silent becomes an error before the function's time-out. */
export const clientConfig = AWS_PATIENCE;

/**
 * Makes a Lambda handler of a step: it validates the event, logs it and the outcome, measures the duration, and gives
 * errors the names by which Step Functions retries.
 */
export function defineStep<Event extends z.ZodType, Result>(
  { pipeline, name, event, told = (result) => result }: TellingStep<Event, Result>,
  run: (event: z.output<Event>, tools: Tools) => Promise<Result>,
) {
  const logger = new Logger({ serviceName: pipeline, persistentKeys: { step: name } });
  const metrics = new Metrics({ namespace: "millrace", serviceName: pipeline, defaultDimensions: { step: name } });

  return async (input: unknown, context: Context): Promise<Result> => {
    logger.addContext(context);
    logger.info("step begins", { event: input });
    const started = performance.now();
    try {
      const result = await run(parseEvent(event, input), {
        logger,
        metrics,
        remainingMs: context.getRemainingTimeInMillis.bind(context),
      });
      logger.info("step done", { result: told(result) });
      return result;
    } catch (cause) {
      const error = asStepError(cause);
      logger.error("step failed", error);
      throw error;
    } finally {
      metrics.addMetric("duration", MetricUnit.Milliseconds, Math.round(performance.now() - started));
      metrics.publishStoredMetrics();
    }
  };
}

function parseEvent<Event extends z.ZodType>(schema: Event, input: unknown): z.output<Event> {
  const { data, error } = schema.safeParse(input);
  if (error === undefined) return data;
  throw new UsageError("The event is not valid for the step", {
    got: describeIssues(error),
    fix: `Call it with ${schema.description ?? "the event from its state machine"}`,
  });
}
