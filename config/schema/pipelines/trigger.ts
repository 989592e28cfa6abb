import type * as z from "zod";
import { section, text, wholeNumber } from "../../kinds";

/** How new objects come to a function that a bucket triggers. */
export const triggerSchema = (batchSize: number) =>
  section({
    batchSize: wholeNumber(1, 10)
      .default(batchSize)
      .meta({ description: "Events that the function gets at once, one after the other.", examples: [1] }),
    maximumConcurrency: wholeNumber(2, 1000)
      .default(5)
      .meta({
        description: "How many of the function run at once for these events; at most its reservedConcurrency.",
        examples: [2],
      }),
    maxReceives: wholeNumber(1, 1000)
      .default(5)
      .meta({ description: "Tries of an event before it goes to the dead-letter queue.", examples: [3] }),
    expectedEveryHours: wholeNumber(1, 168)
      .optional()
      .meta({
        description:
          "Hours within which an object must have been dealt with, or an alarm comes. Unset: nobody is expected.",
        examples: [30],
      }),
  })
    .prefault({})
    .meta({ description: "The queue of new objects." });

/**
 * What the keys of objects begin with. In a policy's resource `*` and `?` stand for any other signs: a role would read
 * and write more than what begins so.
 */
export const keyPrefix = () =>
  text(
    /^([^/\s*?\p{Cc}][^*?\p{Cc}]{0,199})?$/u,
    "up to 200 characters without * and ?, the first neither a slash nor a space; may be empty",
  );

/** The step that the clock calls, and the queue does not. */
const BY_THE_CLOCK = "render";

/** A section whose function has reserved at least what its trigger uses. */
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
