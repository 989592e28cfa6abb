import { type Kysely, sql, type Transaction } from "kysely";
import type { Feed } from "../../core/contract/contract";
import { counted } from "../../core/counted";
import type { LiveDatabase } from "../../core/database/live-database";
import { ChunksMissingError, RejectedObjectsError } from "../../core/errors";
import { describeHabits, readHabits } from "../../core/load/table-habits";
import { describeDropped } from "../../core/runs/run-report";
import { finishRun } from "../../core/runs/runs";
import { inTransactionAgain } from "../load/try-again";
import { warnOfUnknownColumns } from "../load/unknown-columns";
import type { FeedSummary } from "../run/events";
import { type VerdictWriting, writeVerdicts } from "../verdicts/write-verdicts";
import { type FeedWatch, watchFeedRun } from "../watch/watch-feed-run";
import { judgeObjects } from "./judge-objects";
import { countObjects, MOST_NAMED, nameSome } from "./name-some";
import { countedIn, type FeedProgress, readProgress, readTakenOver, type TakenOver } from "./progress";
import { readProof } from "./read-proof";
import { isRequested, lockRuns } from "./requests";
import type { FeedTables } from "./tables";
import { readScope } from "./unended-runs";

/**
 * Ends a run, and gives up its lease: adds up its chunks, and those of runs that did not end, and writes the sum into
 * the run ledger. Rows loaded by a failed run stay.
 *
 * @param watch the checks besides the rows; none if left out
 * @param verdicts where each object's verdict is written, before anything is thrown; nowhere if left out
 * @throws RejectedObjectsError that names objects that were rejected, or could not be loaded
 * @throws ChunksMissingError if planned chunks are not loaded: the next run takes them
 * @throws CsvError if objects are far from their usual size and the checks make that a failure
 */
export async function summariseFeed(
  live: LiveDatabase<FeedTables>,
  contract: Feed,
  runId: string,
  watch?: FeedWatch,
  verdicts?: VerdictWriting,
): Promise<FeedSummary> {
  const { progress, failure, again, ...ended } = await inTransactionAgain(
    live,
    "the run was kept; etl_run has it if so",
    (trx) => endRun(trx, contract, runId, watch),
  );
  const of = { feed: contract.name, run: runId };
  const unwritten = verdicts === undefined ? [] : await writeVerdicts(live, of, verdicts);
  const warnings = [...ended.warnings, ...unwritten];
  if (failure instanceof RejectedObjectsError) failure.warnings = warnings;
  if (failure !== undefined) throw failure;
  const { rows, inserted, updated, unchanged, superseded, rejected, dropped, altered, objects, seconds } = progress;
  return {
    runId,
    contract: contract.name,
    ...{ rows, inserted, updated, unchanged, superseded, rejected, dropped, altered, objects, seconds },
    chunks: progress.chunksDone + progress.chunksTakenOver,
    takenOver: progress.chunksTakenOver,
    text: describe(progress),
    warnings,
    again,
  };
}

/** Idempotent. */
async function endRun(trx: Transaction<FeedTables>, contract: Feed, runId: string, watch: FeedWatch | undefined) {
  // From here on nobody finds the run alive; an earlier request is seen here.
  await lockRuns(trx, contract.name);
  const again = await isRequested(trx, { feed: contract.name, scope: await readScope(trx, runId) });
  const progress = await readProgress(trx, runId);
  const { inserted, updated, unchanged, superseded, rejected, dropped } = progress;
  const counts = { inserted, updated, unchanged, superseded, rejected, dropped };
  const watched =
    watch === undefined ? { warnings: [] } : await watchFeedRun(trx, contract, { runId, progress }, watch);
  const warnings = [
    ...(await readNotes(trx, runId)),
    ...watched.warnings,
    ...(await warnOfNoRows(trx, runId)),
    ...(await warnOfUnknownColumns(trx, contract, runId)),
    ...(await readTakenOver(trx, runId)).map(describeTakenOver),
    ...(await warnOfTriggers(trx, contract, progress)),
  ];
  const outcome = { text: describe(progress), isComplete: progress.chunksMissing === 0, objects: progress.objects };
  const failure = (await judgeObjects(trx, contract, runId, outcome)) ?? findMissing(progress) ?? watched.failure;
  const end =
    failure === undefined ? { status: "succeeded" as const } : { status: "failed" as const, error: failure.message };
  await trx.updateTable("import_run").set({ judged: true }).where("run", "=", runId).execute();
  await finishRun<FeedTables>(trx, runId, {
    sources: [],
    warnings,
    ...counts,
    ...end,
    ...(await readProof(trx, runId)),
  });
  return { progress, failure, warnings, again };
}

/** Objects that are loaded whole and had no row: a program can find no fault with them. */
async function warnOfNoRows(trx: Transaction<FeedTables>, runId: string): Promise<readonly string[]> {
  const { rows } = await sql<{ location: string; all: number }>`select o.location, (count(*) over ())::int as all
    from import_object o join import_chunk c on c.object = o.id and not c.lost
    where o.id in (select object from import_chunk where ${countedIn(sql.val(runId))})
    group by o.id having sum(c.rows) = 0 and sum(c.past - c.first) >= o.bytes order by o.id limit ${MOST_NAMED}`.execute(
    trx,
  );
  const [first] = rows;
  if (first === undefined) return [];
  const named = rows.map(({ location }) => location);
  return [`${countObjects(first.all, "has", "have")} a header and no row: ${nameSome(named, first.all)}`];
}

async function readNotes(trx: Transaction<FeedTables>, runId: string): Promise<readonly string[]> {
  const run = trx.selectFrom("import_run").select("notes").where("run", "=", runId);
  return (await run.executeTakeFirstOrThrow()).notes;
}

/** The table is asked for its triggers only if there is something to report. */
async function warnOfTriggers(
  db: Kysely<FeedTables>,
  { table }: Feed,
  { dropped, altered }: FeedProgress,
): Promise<readonly string[]> {
  if (dropped + altered === 0) return [];
  const warning = describeHabits(table, await readHabits(db, table), { dropped, altered });
  return warning === undefined ? [] : [warning];
}

/** The loader could not record its own death, or why it failed. */
function findMissing(progress: FeedProgress): ChunksMissingError | undefined {
  const { chunks, chunksMissing } = progress;
  if (chunksMissing === 0) return undefined;
  return new ChunksMissingError(
    `${chunksMissing} of ${counted(chunks, "chunk was", "chunks were")} not loaded, all others are`,
    {
      fix: `The log of their loader says why. ${describe(progress)}`,
    },
  );
}

function describe(progress: FeedProgress): string {
  const { chunks, chunksMissing: missing, chunksTakenOver, inserted, updated, dropped, skipped, source } = progress;
  if (chunks + chunksTakenOver === 0) {
    return skipped === 0
      ? `There is no object below ${source}: nothing was loaded`
      : "There was nothing to do: each object is in the ledger already, or empty, or hidden";
  }
  return [
    `There were ${inserted} inserts and ${updated} updates`,
    ...(missing === 0
      ? []
      : [`${missing} of ${counted(chunks, "chunk")} failed, the next run takes ${missing === 1 ? "it" : "them"}`]),
    ...(dropped === 0 ? [] : [describeDropped(dropped)]),
    ...(chunksTakenOver === 0
      ? []
      : [`${counted(chunksTakenOver, "chunk was", "chunks were")} loaded by runs that did not end`]),
  ].join("; ");
}

function describeTakenOver({ run, chunks, rejected }: TakenOver): string {
  return `The run ${run} did not end; ${counted(chunks, "chunk that it had loaded is", "chunks that it had loaded are")} counted here, with ${counted(rejected, "rejected row")}`;
}
