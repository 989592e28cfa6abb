import * as z from "zod";
import type { LogLine } from "./function-log";
import { parseEntry } from "./log-entry";

/** How far a run of a feed is. */
export interface FeedProgress {
  readonly chunks: number;
  readonly done: number;
  readonly rows: number;
  readonly rowsPerSecond: number;
  /** Of all chunks together, if they go on as before; undefined before the first is done. */
  readonly secondsLeft?: number;
}

/** What a step logs at its end (`defineStep` of handlers/step.ts). */
const stepDone = z.looseObject({ message: z.literal("step done"), result: z.looseObject({}) });
const planned = z.looseObject({ chunks: z.int() });
const loaded = z.looseObject({ rows: z.int() });

/** @param lines of the run's functions since it began @returns undefined before it was planned */
export function feedProgress(lines: readonly LogLine[], now: Date): FeedProgress | undefined {
  const ends = lines.flatMap((line) => {
    const { data } = stepDone.safeParse(parseEntry(line));
    return data === undefined ? [] : [{ step: line.step, time: line.time, result: data.result }];
  });
  const plan = ends.find(({ step }) => step === "plan");
  const chunks = planned.safeParse(plan?.result).data?.chunks;
  if (plan === undefined || chunks === undefined) return undefined;
  const loads = ends.filter(({ step }) => step === "load");
  const rows = loads.reduce((sum, { result }) => sum + (loaded.safeParse(result).data?.rows ?? 0), 0);
  const done = Math.min(loads.length, chunks);
  const until = done === chunks ? (loads.at(-1)?.time ?? now) : now;
  const seconds = Math.max((until.getTime() - plan.time.getTime()) / 1000, 1);
  return {
    chunks,
    done,
    rows,
    rowsPerSecond: Math.round(rows / seconds),
    ...(done > 0 && { secondsLeft: Math.round((seconds / done) * (chunks - done)) }),
  };
}
