import type { ChunkCounts, FeedChunk } from "../../../../etl/feeds/run/events";

/** Loads one chunk after the other. */
export interface ChunkWorker {
  /** @param onRead may be called with the share of the chunk read so far */
  load(chunk: FeedChunk, onRead: (share: number) => void): Promise<ChunkCounts>;
  stop(): Promise<void>;
}

/**
 * Makes workers load all chunks, each taking the next one after its last, and stops them. After the first failure no
 * chunk is begun; those under way end.
 *
 * The others begin one after the other while the first reads its first chunk. So some read while others write: in step,
 * all of them would need the processors at once, and then the disk.
 */
export async function loadAll(
  chunks: readonly FeedChunk[],
  workers: readonly ChunkWorker[],
  onLoaded: (chunk: FeedChunk, counts: ChunkCounts) => void,
): Promise<void> {
  const queue = chunks.values();
  const failures: unknown[] = [];
  const running: Promise<void>[] = [];
  const begin = (share: number) => {
    const wanted = Math.min(Math.floor(share * (workers.length - 1)), workers.length - 1) + 1;
    for (const worker of workers.slice(running.length, wanted)) running.push(work(worker));
  };
  const work = async (worker: ChunkWorker) => {
    for (const chunk of queue) {
      if (failures.length > 0) return;
      try {
        onLoaded(chunk, await worker.load(chunk, begin));
      } catch (error) {
        failures.push(error);
      }
      begin(1);
    }
  };
  begin(0);
  await running[0];
  await Promise.all(running);
  await Promise.all(workers.map((worker) => worker.stop()));
  if (failures.length > 0) throw failures[0];
}
