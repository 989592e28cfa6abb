import type { FeedChunk } from "../../../../../../etl/feeds/run/events";
import { WorkerProcess } from "../../../../../../scripts/run/feed/workers/worker-process";

const task = {
  databaseUrl: "postgres://127.0.0.1:1/none",
  source: { from: __dirname },
  contract: "sales",
  runId: "none",
};
const chunk = { object: 1, key: "a.csv", start: 0, end: 1 } as FeedChunk;

describe("WorkerProcess", () => {
  test("kills a worker that does not begin in time, and says so", async () => {
    // A process takes longer than this to begin.
    const worker = new WorkerProcess(task, { startsMs: 1, silentMs: 1, closesMs: 10_000 });

    await expect(worker.load(chunk)).rejects.toThrow(/A chunk's worker died 3 times: got it ended with SIGKILL/);
    await worker.stop();
  });
});
