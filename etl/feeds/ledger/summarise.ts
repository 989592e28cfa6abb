import { type Kysely, sql, type Transaction } from "kysely";
import type { Feed } from "../../core/contract/contract";
import type { LiveDatabase } from "../../core/database/live-database";
import { DatabaseError, RejectedLimitError } from "../../core/errors";
import { describeHabits, readHabits } from "../../core/load/table-habits";
import { describeDropped } from "../../core/runs/run-report";
import { finishRun } from "../../core/runs/runs";
import { inTransactionAgain } from "../load/try-again";
import { warnOfUnknownColumns } from "../load/unknown-columns";
import type { ImportSummary } from "../run/events";
import { type ImportWatch, watchImport } from "../watch/watch-import";
import { countedIn, type ImportProgress, readProgress, readTakenOver, type TakenOver } from "./progress";
import type { ImportTables } from "./tables";

/**
 * Ends a run: adds up its chunks, and those that runs which did not end had loaded, and writes the sum into the run ledger.
 * What a failed run loaded stays; what was rejected in it is read again by the next run.
 *
 * @param watch what is looked for besides the rows; nothing, where it is left out
 * @throws RejectedLimitError that names the worst object, where more rows were rejected than the contract allows
 * @throws CsvError where objects are far from their usual size and the checks say that this fails a run
 */
export async function summariseImport(
  live: LiveDatabase<ImportTables>,
  contract: Feed,
  runId: string,
  watch?: ImportWatch,
): Promise<ImportSummary> {
  const { progress, failure, warnings } = await inTransactionAgain(
    live,
    "the run was kept; etl_run has it if so",
    (trx) => endRun(trx, contract, runId, watch),
  );
  if (failure !== undefined) throw failure;
  const { rows, inserted, updated, unchanged, superseded, rejected, dropped, altered, objects, seconds } = progress;
  return {
    runId,
    contract: contract.name,
    ...{ rows, inserted, updated, unchanged, superseded, rejected, dropped, altered, objects, seconds },
    chunks: progress.chunksDone + progress.chunksTakenOver,
    takenOver: progress.chunksTakenOver,
    missing: progress.chunks - progress.chunksDone,
    text: describe(progress),
    warnings,
  };
}

/** Done twice, it comes to the same. */
async function endRun(trx: Transaction<ImportTables>, contract: Feed, runId: string, watch: ImportWatch | undefined) {
  const progress = await readProgress(trx, runId);
  const { rows, inserted, updated, unchanged, superseded, rejected, dropped } = progress;
  const counts = { inserted, updated, unchanged: unchanged + superseded, rejected, dropped };
  const watched = watch === undefined ? { warnings: [] } : await watchImport(trx, contract, { runId, progress }, watch);
  const warnings = [
    ...watched.warnings,
    ...(await warnOfUnknownColumns(trx, contract, runId)),
    ...(await readTakenOver(trx, runId)).map(describeTakenOver),
    ...(await warnOfTriggers(trx, contract, progress)),
  ];
  const tooMany = isTooMany(contract, rejected, rows)
    ? await describeRejections(trx, contract, runId, rejected, rows)
    : undefined;
  const failure = tooMany ?? watched.failure;
  const end =
    failure === undefined
      ? ({ status: "succeeded", ...counts } as const)
      : ({ status: "failed", error: failure.message } as const);
  await trx.updateTable("import_run").set({ judged: true }).where("run", "=", runId).execute();
  await finishRun<ImportTables>(trx, runId, { sources: [], warnings, ...end });
  return { progress, failure, warnings };
}

/** Which triggers they were is asked of the table only where there is something to tell. */
async function warnOfTriggers(
  db: Kysely<ImportTables>,
  { table }: Feed,
  { dropped, altered }: ImportProgress,
): Promise<readonly string[]> {
  if (dropped + altered === 0) return [];
  const warning = describeHabits(table, await readHabits(db, table), { dropped, altered });
  return warning === undefined ? [] : [warning];
}

function describe(progress: ImportProgress): string {
  const { chunks, chunksDone, chunksTakenOver, inserted, updated, dropped, skipped, source } = progress;
  if (chunks + chunksTakenOver === 0) {
    return skipped === 0
      ? `There is no object below ${source}: nothing was loaded`
      : "There was nothing to do: the ledger has every object that is neither empty nor hidden";
  }
  const missing = chunks - chunksDone;
  return [
    `There were ${inserted} inserts and ${updated} updates`,
    ...(missing === 0 ? [] : [`${missing} of ${chunks} chunks failed, the next run takes them`]),
    ...(dropped === 0 ? [] : [describeDropped(dropped)]),
    ...(chunksTakenOver === 0 ? [] : [`${chunksTakenOver} chunks were loaded by runs that did not end`]),
  ].join("; ");
}

function describeTakenOver({ run, chunks, rejected }: TakenOver): string {
  return `The run ${run} did not end; ${chunks} chunks that it had loaded are counted here, with ${rejected} rejected rows`;
}

function isTooMany({ maxRejected = { rows: 0 } }: Feed, rejected: number, rows: number): boolean {
  return "rows" in maxRejected ? rejected > maxRejected.rows : rejected * 100 > maxRejected.percent * rows;
}

async function describeRejections(
  db: Kysely<ImportTables>,
  { maxRejected = { rows: 0 }, name }: Feed,
  run: string,
  rejected: number,
  rows: number,
): Promise<RejectedLimitError> {
  const { rows: found } = await sql<{ source: string; count: number; offset: number | null; reason: string }>`
    with worst as (
      select object, sum(rejected)::bigint as count, array_agg(run) as runs
      from import_chunk where ${countedIn(sql.val(run))}
      group by object order by sum(rejected) desc, object limit 1
    )
    select first.source, worst.count, first.byte_offset as offset, first.reason
    from worst join import_object o on o.id = worst.object
      join rejected_row first on first.source = o.location and first.run = any(worst.runs)
    order by first.byte_offset limit 1`.execute(db);
  const [worst] = found;
  if (worst === undefined) throw new DatabaseError("The ledger has none of the rejected rows", { got: run });
  return new RejectedLimitError("Too many rows were rejected", {
    got: `${rejected} of ${rows}, of which ${worst.count} in ${worst.source}`,
    expected: "rows" in maxRejected ? `at most ${maxRejected.rows}` : `at most ${maxRejected.percent}%`,
    where: { source: worst.source, offset: worst.offset ?? 0 },
    fix: `The first one: ${worst.reason}. Correct the object, or allow more by maxRejected of the contract ${name}; rejected_row has all`,
  });
}
