import type * as z from "zod";
import { section, wholeNumber } from "../../kinds";

export interface StepDefaults {
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** @default 1 */
  readonly reservedConcurrency?: number;
}

/** Memory, time and concurrency of one step's Lambda function. */
export const stepSchema = (does: string, { memoryMb, timeoutSeconds, reservedConcurrency = 1 }: StepDefaults) =>
  section({
    memoryMb: wholeNumber(128, 10_240)
      .default(memoryMb)
      .meta({ description: "Memory in MB; CPU is proportional, one vCPU at 1,769.", examples: [3008] }),
    timeoutSeconds: wholeNumber(1, 900)
      .default(timeoutSeconds)
      .meta({ description: "Seconds after which Lambda ends it.", examples: [600] }),
    reservedConcurrency: wholeNumber(1, 1000)
      .nullable()
      .default(reservedConcurrency)
      .meta({
        allowed: "a whole number from 1 to 1000, or null",
        description:
          "How many may run at once; null reserves none. `lambda.reserveConcurrency` turns this off for all functions.",
        examples: [reservedConcurrency * 2],
      }),
  })
    .prefault({})
    .meta({ description: does });

export type StepConfig = Readonly<z.output<ReturnType<typeof stepSchema>>>;
