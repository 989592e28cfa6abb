import * as z from "zod";

const measurementSchema = z.object({
  seconds: z.number().positive(),
  /** The client's peak memory above its use before the load. */
  peakKiB: z.number(),
  /** Of all its threads: a busy machine distorts it less. */
  cpuSeconds: z.number().positive().optional(),
  inserted: z.number().optional(),
  updated: z.number().optional(),
  /** Seconds by their use. */
  stages: z.record(z.string(), z.number()).optional(),
});

/** One load, measured by its own process. */
export type Measurement = z.infer<typeof measurementSchema>;

/** Reads a process's last line. */
export function parseMeasurement(stdout: string): Measurement {
  return measurementSchema.parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [sorted[(sorted.length - 1) >> 1], sorted[middle]];
  return (low + high) / 2;
}
