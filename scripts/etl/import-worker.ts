import { openPostgres } from "../../etl/adapters/postgres";
import { MillraceError } from "../../etl/core/errors";
import { LiveDatabase } from "../../etl/core/live-database";
import type { ImportChunk } from "../../etl/pipelines/import/events";
import { findContract } from "../../etl/pipelines/import/find-contract";
import { loadChunk } from "../../etl/pipelines/import/load-chunk";
import type { ImportTables } from "../../etl/pipelines/import/tables";
import { surviveLostReaders } from "../standard-streams";
import { openObjects } from "./import-objects";
import { patience } from "./open-database";
import { SAYS_SO_MS, type WorkerAnswer, type WorkerTask } from "./worker-process";

/** The process behind `WorkerProcess`: its first message is a task, each further one a chunk. */
async function begin(task: WorkerTask) {
  const live = new LiveDatabase(await openPostgres<ImportTables>(task.databaseUrl, patience()));
  process.once("disconnect", () => void live.close());
  const [contract, objects] = [findContract(task.contract), await openObjects(task.from)];
  return (chunk: ImportChunk) => loadChunk(live, { runId: task.runId, chunk, contract, objects });
}

surviveLostReaders();
process.once("message", (task: WorkerTask) => {
  const begun = begin(task);
  setInterval(() => process.connected && process.send?.("alive" satisfies WorkerAnswer), SAYS_SO_MS).unref();
  process.on("message", (chunk: ImportChunk) => {
    begun
      .then((load) => load(chunk))
      .then(
        (counts): WorkerAnswer => ({ counts }),
        (error): WorkerAnswer => ({ error: String(error?.message), isExpected: error instanceof MillraceError }),
      )
      .then((answer) => process.send?.(answer));
  });
});
