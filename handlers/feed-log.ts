import type { ChunkCounts, FeedChunk, PlanResult } from "../etl/feeds/run/events";
import type { Tools } from "./step";

type Logger = Pick<Tools["logger"], "info">;
/** ARN of the execution of the state machine. */
type Execution = string | undefined;

/** What a run is to load, for who watches it (`ops status`). */
export function logPlanned(logger: Logger, execution: Execution, plan: PlanResult): void {
  const { runId, objects, chunks, bytes, skipped } = plan;
  logger.info("feed planned", { runId, execution, objects, chunks, bytes, skipped });
}

/** A chunk that is done. */
export function logLoaded(
  logger: Logger,
  { runId, execution }: { readonly runId: string; readonly execution?: Execution },
  { key, start, end }: FeedChunk,
  counts: ChunkCounts,
): void {
  logger.info("chunk loaded", { runId, execution, key, start, end, ...counts });
}
