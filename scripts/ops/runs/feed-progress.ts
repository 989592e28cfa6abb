import * as z from "zod";
import type { LogLine } from "./function-log";
import { parseEntry } from "./log-entry";

/** How far a run of a feed is, by either engine. */
export interface FeedProgress {
  readonly chunks: number;
  readonly done: number;
  readonly rows: number;
  /** Since it was planned. */
  readonly seconds: number;
  readonly rowsPerSecond: number;
  /** For all chunks together, at the current rate; undefined before the first is done. */
  readonly secondsLeft?: number;
}

/** What the functions log for who watches (handlers/feed-log.ts). */
const planned = z.looseObject({
  message: z.literal("feed planned"),
  execution: z.string(),
  runId: z.string(),
  chunks: z.int(),
});
const loaded = z.looseObject({
  message: z.literal("chunk loaded"),
  runId: z.string(),
  key: z.string(),
  start: z.int(),
  rows: z.int(),
});

/**
 * @param lines of the pipeline's functions since the execution began
 * @param execution its ARN
 * @returns of the newest run that it began; undefined before it has begun one
 */
export function feedProgress(lines: readonly LogLine[], execution: string, now: Date): FeedProgress | undefined {
  const entries = lines.map((line) => ({ time: line.time, entry: parseEntry(line) }));
  const plans = entries.flatMap(({ time, entry }) => {
    const { data } = planned.safeParse(entry);
    return data?.execution === execution ? [{ time, ...data }] : [];
  });
  const runId = plans.at(-1)?.runId;
  // A function that is called again says again what there is to do.
  const plan = plans.find((one) => one.runId === runId);
  if (plan === undefined) return undefined;
  const loads = entries.flatMap(({ time, entry }) => {
    const { data } = loaded.safeParse(entry);
    return data !== undefined && data.runId === runId ? [{ time, ...data }] : [];
  });
  // One whose answer was lost is loaded once, and may be told of twice.
  const once = [...new Map(loads.map((load) => [`${load.start} ${load.key}`, load])).values()];
  const rows = once.reduce((sum, load) => sum + load.rows, 0);
  const { chunks } = plan;
  const done = once.length;
  const until = done === chunks ? (loads.at(-1)?.time ?? now) : now;
  const seconds = Math.max((until.getTime() - plan.time.getTime()) / 1000, 1);
  return {
    ...{ chunks, done, rows },
    seconds: Math.round(seconds),
    rowsPerSecond: Math.round(rows / seconds),
    ...(done > 0 && { secondsLeft: Math.round((seconds / done) * (chunks - done)) }),
  };
}
