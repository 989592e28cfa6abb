import type { FeedChunk } from "../../../../../../etl/feeds/run/events";
import { type ChunkWorker, loadAll } from "../../../../../../scripts/run/feed/workers/chunk-workers";

const chunks = Array.from({ length: 6 }, (_, start) => ({ start, end: start + 1 }) as FeedChunk);
const counts = { rows: 1, inserted: 1, updated: 0, unchanged: 0, superseded: 0, rejected: 0, dropped: 0, altered: 0 };

/** Writes down what workers do; each reads its chunk in four steps. */
function makeCrew(size: number, fails: (chunk: FeedChunk) => boolean = () => false) {
  const log: string[] = [];
  const crew = Array.from({ length: size }, (_, worker): ChunkWorker => {
    return {
      load: async (chunk, onRead) => {
        log.push(`${worker} begins ${chunk.start}`);
        for (const share of [0.25, 0.5, 0.75, 1]) {
          await new Promise(setImmediate);
          if (worker === 0 && chunk.start === 0) log.push(`${share} read`);
          onRead(share);
        }
        if (fails(chunk)) throw new Error(`chunk ${chunk.start}`);
        return counts;
      },
      stop: async () => void log.push(`${worker} stops`),
    };
  });
  return { log, crew };
}

describe("loadAll", () => {
  test("lets the others begin one after the other while the first reads", async () => {
    const { log, crew } = makeCrew(3);

    await loadAll(chunks, crew, () => undefined);

    const beforeRead = (share: number) => log.slice(0, log.indexOf(`${share} read`));
    expect(beforeRead(0.5)).not.toContain("1 begins 1");
    expect(beforeRead(0.75)).toContain("1 begins 1");
    expect(beforeRead(1)).not.toContain("2 begins 2");
    expect(log).toContain("2 begins 2");
    expect(log.slice(-3)).toEqual(["0 stops", "1 stops", "2 stops"]);
  });

  test("loads each chunk once", async () => {
    for (const size of [1, 2, 9]) {
      const loaded: FeedChunk[] = [];

      await loadAll(chunks, makeCrew(size).crew, (chunk) => loaded.push(chunk));

      expect(loaded.toSorted((a, b) => a.start - b.start)).toEqual(chunks);
    }
  });

  test("begins no chunk after a failure, and throws it when those under way have ended", async () => {
    const { log, crew } = makeCrew(2, ({ start }) => start === 1);
    const loaded: FeedChunk[] = [];

    await expect(loadAll(chunks, crew, (chunk) => loaded.push(chunk))).rejects.toThrow("chunk 1");

    expect(loaded.map(({ start }) => start)).not.toContain(1);
    expect(log.filter((line) => line.includes("begins 5"))).toEqual([]);
    expect(log.slice(-2)).toEqual(["0 stops", "1 stops"]);
  });

  test("has nothing to do without chunks", async () => {
    const { log, crew } = makeCrew(2);

    await loadAll([], crew, () => undefined);

    expect(log).toEqual(["0 stops", "1 stops"]);
  });
});
