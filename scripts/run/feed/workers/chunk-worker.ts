import { openPostgres } from "../../../../etl/adapters/postgres/postgres";
import { LiveDatabase } from "../../../../etl/core/database/live-database";
import { MillraceError } from "../../../../etl/core/errors";
import type { FeedTables } from "../../../../etl/feeds/ledger/tables";
import { loadChunk } from "../../../../etl/feeds/load/load-chunk";
import type { FeedChunk } from "../../../../etl/feeds/run/events";
import { surviveLostReaders } from "../../../command-line/standard-streams";
import { patience } from "../../open-database";
import { openContract } from "../contract/open-contract";
import { openObjects } from "../open-objects";
import { SAYS_SO_MS, type WorkerAnswer, type WorkerTask } from "./worker-process";

/** The process of a `WorkerProcess`: its first message is a task, each further one a chunk. */
async function begin(task: WorkerTask) {
  const live = new LiveDatabase(await openPostgres<FeedTables>(task.databaseUrl, patience()));
  const [contract, objects] = [openContract(task.contract, task), await openObjects(task.source)];
  return (chunk: FeedChunk) => loadChunk(live, { runId: task.runId, code: task.code, chunk, contract, objects });
}

surviveLostReaders();
// There is nothing more to do, or the parent process is gone: then no chunk may be loaded, or begun again.
// The server ends the session with the connection.
process.once("disconnect", () => process.exit());
process.once("message", (task: WorkerTask) => {
  const begun = begin(task);
  // The parent process may be gone by now: then there is nobody to notify.
  const tell = (answer: WorkerAnswer) =>
    process.connected && process.send?.(answer, undefined, undefined, () => undefined);
  const sayAlive = () => tell("alive");
  sayAlive();
  setInterval(sayAlive, SAYS_SO_MS).unref();
  process.on("message", (chunk: FeedChunk) => {
    begun
      .then((load) => load(chunk))
      .then(
        (counts): WorkerAnswer => ({ counts }),
        (error): WorkerAnswer => ({ error: String(error?.message), isExpected: error instanceof MillraceError }),
      )
      .then(tell);
  });
});
