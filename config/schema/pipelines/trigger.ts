import type * as z from "zod";
import { section, text, wholeNumber } from "../../kinds";

/** How a function that a bucket triggers receives new objects. */
export const triggerSchema = (batchSize: number) =>
  section({
    batchSize: wholeNumber(1, 10)
      .default(batchSize)
      .meta({ description: "Events per call of the function, which handles them one after the other.", examples: [1] }),
    maximumConcurrency: wholeNumber(2, 1000)
      .default(5)
      .meta({
        description: "Calls of the function that run at once for these events; at most its reservedConcurrency.",
        examples: [2],
      }),
    maxReceives: wholeNumber(1, 1000)
      .default(5)
      .meta({ description: "Tries of an event before it goes to the dead-letter queue.", examples: [3] }),
    expectedEveryHours: wholeNumber(1, 168)
      .optional()
      .meta({
        description:
          "Hours within which an object must be processed; otherwise an alarm is raised. Unset: none is expected.",
        examples: [30],
      }),
  })
    .prefault({})
    .meta({ description: "The queue of new objects." });

/**
 * A key prefix of objects. In a policy's resource, `*` and `?` are wildcards: with them, a role could read and write
 * objects outside the prefix.
 */
export const keyPrefix = () =>
  text(
    /^([^/\s*?\p{Cc}][^*?\p{Cc}]{0,199})?$/u,
    "up to 200 characters without * and ?, the first neither a slash nor a space; may be empty",
  );

/** The step that a schedule calls, not the queue. */
const BY_THE_CLOCK = "render";

/** A section whose function reserves at least the concurrency that its trigger uses. */
export function withinReserved<
  Schema extends z.ZodType<{
    trigger: { maximumConcurrency: number };
    steps: Record<string, { reservedConcurrency: number | null }>;
  }>,
>(schema: Schema): Schema {
  return schema.refine(
    ({ trigger, steps }) =>
      Object.entries(steps).every(
        ([step, { reservedConcurrency }]) =>
          step === BY_THE_CLOCK || reservedConcurrency === null || reservedConcurrency >= trigger.maximumConcurrency,
      ),
    { path: ["trigger", "maximumConcurrency"], error: "at most the step's reservedConcurrency" },
  );
}

export type TriggerConfig = Readonly<z.output<ReturnType<typeof triggerSchema>>>;
