import type { Kysely } from "kysely";
import { RejectedLimitError } from "../../core/errors";
import { finishRun } from "../../core/runs";
import type { ImportContract } from "./contract";
import type { ImportSummary } from "./events";
import { failRun } from "./plan";
import { type ImportProgress, readProgress } from "./progress";
import type { ImportTables } from "./tables";

/**
 * Ends a run: adds up its chunks and writes the sum into the run ledger. What a failed run loaded stays; what was rejected
 * in it is read again by the next run.
 *
 * @throws RejectedLimitError that names the worst object, where more rows were rejected than the contract allows
 */
export async function summariseImport(
  db: Kysely<ImportTables>,
  contract: ImportContract,
  runId: string,
): Promise<ImportSummary> {
  const progress = await readProgress(db, runId);
  const { rows, inserted, updated, unchanged, superseded, rejected, objects, chunksDone, seconds } = progress;
  const counts = { inserted, updated, unchanged: unchanged + superseded, rejected };
  if (isTooMany(contract, rejected, rows)) {
    const error = await describeRejections(db, contract, runId, rejected, rows);
    await failRun(db, runId, error);
    throw error;
  }
  await finishRun(db, runId, { status: "succeeded", sources: [], warnings: [], ...counts });
  return {
    runId,
    contract: contract.name,
    ...{ rows, inserted, updated, unchanged, superseded, rejected, objects, seconds },
    chunks: chunksDone,
    missing: progress.chunks - chunksDone,
    text: describe(progress),
  };
}

function describe({ chunks, chunksDone, inserted, updated }: ImportProgress): string {
  if (chunks === 0) return "There was nothing to do: the ledger has every object already";
  const counts = `There were ${inserted} inserts and ${updated} updates`;
  const missing = chunks - chunksDone;
  return missing === 0 ? counts : `${counts}; ${missing} of ${chunks} chunks failed, the next run takes them`;
}

function isTooMany({ maxRejected = { rows: 0 } }: ImportContract, rejected: number, rows: number): boolean {
  return "rows" in maxRejected ? rejected > maxRejected.rows : rejected * 100 > maxRejected.percent * rows;
}

async function describeRejections(
  db: Kysely<ImportTables>,
  { maxRejected = { rows: 0 }, name }: ImportContract,
  run: string,
  rejected: number,
  rows: number,
): Promise<RejectedLimitError> {
  const worst = await db
    .selectFrom("rejected_row")
    .select(["source", ({ fn }) => fn.countAll<number>().as("count")])
    .where("run", "=", run)
    .groupBy("source")
    .orderBy("count", "desc")
    .orderBy("source")
    .executeTakeFirstOrThrow();
  const first = await db
    .selectFrom("rejected_row")
    .select(["byte_offset", "reason"])
    .where("run", "=", run)
    .where("source", "=", worst.source)
    .orderBy("byte_offset")
    .executeTakeFirstOrThrow();
  return new RejectedLimitError("Too many rows were rejected", {
    got: `${rejected} of ${rows}, of which ${worst.count} in ${worst.source}`,
    expected: "rows" in maxRejected ? `at most ${maxRejected.rows}` : `at most ${maxRejected.percent}%`,
    where: { source: worst.source, offset: first.byte_offset ?? 0 },
    fix: `The first one: ${first.reason}. Mend the object, or allow more by maxRejected of the contract ${name}; rejected_row has all`,
  });
}
