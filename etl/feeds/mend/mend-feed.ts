import { sql, type Transaction } from "kysely";
import { areSensitive } from "../../core/contract/column";
import type { Feed } from "../../core/contract/contract";
import { SOURCE_OBJECT, SOURCE_OFFSET } from "../../core/contract/schema/names";
import { Rejections } from "../../core/csv/rejections";
import type { LiveDatabase } from "../../core/database/live-database";
import type { CoreTables } from "../../core/database/tables";
import { withoutValues } from "../../core/database/without-values";
import { DatabaseError } from "../../core/errors";
import { BARE, type CorrectedSource, contractOfCorrected, correctedSource } from "../../core/mend/corrected-source";
import type { RowToMend } from "../../core/mend/find-rejected";
import { keyText } from "../../core/mend/key-text";
import { type Mending, type MendLoad, type MendReport, mendRows, reportOfNone } from "../../core/mend/mend-run";
import type { FeedTables } from "../ledger/tables";
import { RefusedRowError } from "../load/refused/explain-refused";
import { type OpenTarget, openTarget, stageChunk, writeStaged } from "../load/stage-chunk";
import { inTransactionAgain, mayPass } from "../load/try-again";
import { lockTarget } from "../target/lock-target";
import { makeTables, requireTarget } from "../target/prepare-tables";
import { type CorrectedObject, enterMended, groupByObject } from "./corrected-objects";

/**
 * Loads corrected rows of a feed as a run of its own, in one transaction: by the contract, and as of the time of the object that each was
 * rejected of, so that a newer object's row stays, and the next one wins.
 *
 * @throws DatabaseError where the database fails, or the table refuses a row: nothing is mended then
 */
export async function mendFeed(live: LiveDatabase<FeedTables>, contract: Feed, mending: Mending): Promise<MendReport> {
  await live.run((db) => makeTables(db, contract), mayPass);
  await live.run((db) => requireTarget(db, contract, false), mayPass);
  const kept = "the rows were mended; mended_row has them if so";
  const mend = async (trx: Transaction<FeedTables>) => {
    const target = await openTarget(trx, contract);
    // No chunk is upserted meanwhile, and no other file is mended: which object is newer stays settled.
    await lockTarget(trx, target.name.full, "exclusive");
    return mendRows(trx as unknown as Transaction<CoreTables>, contract.name, mending, (rows, run) =>
      loadRows(trx, rows, { contract, run, target, file: mending.file.name }),
    );
  };
  return inTransactionAgain(live, kept, mend).catch((error: unknown) =>
    reportOfNone(areSensitive(contract.columns) ? withoutValues(error) : error),
  );
}

interface Loading {
  readonly contract: Feed;
  readonly run: string;
  readonly target: OpenTarget;
  readonly file: string;
}

async function loadRows(trx: Transaction<FeedTables>, rows: readonly RowToMend[], loading: Loading): Promise<MendLoad> {
  const sum = { inserted: 0, updated: 0, unchanged: 0, superseded: 0, dropped: 0 };
  const wrong: MendLoad["wrong"][number][] = [];
  const gaveWay = new Set<number>();
  for (const object of await groupByObject(trx, loading.target.name.ledger, rows)) {
    const loaded = await loadObject(trx, object, loading);
    for (const count of Object.keys(sum) as (keyof typeof sum)[]) sum[count] += loaded[count];
    wrong.push(...loaded.wrong);
    for (const id of loaded.gaveWay) gaveWay.add(id);
  }
  return { ...sum, wrong, gaveWay, keyOf: (row) => keyText(row, loading.contract) };
}

/** The rows of one object: they come from an object of the same time, that stands before it. */
async function loadObject(
  trx: Transaction<FeedTables>,
  { id, rows }: CorrectedObject,
  { contract: given, run, target, file }: Loading,
): Promise<Omit<MendLoad, "keyOf">> {
  const contract = contractOfCorrected(given);
  const source = correctedSource(rows, contract, file);
  const object = await enterMended(trx, id, run);
  const rejections = new Rejections();
  const named = (error: unknown) => {
    throw error instanceof RefusedRowError ? byLine(error, source, file) : error;
  };
  const staged = await stageChunk(trx, { contract, rejections, ...readable(source, object, file) }).catch(named);
  const writing = { contract, object, source: file, run };
  const { altered: _, ...counts } = await writeStaged(trx, staged, target, writing).catch(named);
  const isWrong = new Set(rejections.rows.map(({ offset }) => offset));
  const { rows: there } = await sql<{ offset: number }>`select ${sql.id(SOURCE_OFFSET)} as offset
    from ${sql.table(contract.table)} where ${sql.id(SOURCE_OBJECT)} = ${object}`.execute(trx);
  const isThere = new Set(there.map(({ offset }) => Number(offset)));
  const gone = [...source.byOffset].filter(([offset]) => !isWrong.has(offset) && !isThere.has(offset));
  const broken = rejections.rows.flatMap(({ offset = -1, reason }) => {
    const row = source.byOffset.get(offset);
    return row === undefined ? [] : [leave(row, reason)];
  });
  return {
    ...counts,
    wrong: [...broken, ...source.bare.map((row) => leave(row, BARE))],
    gaveWay: new Set(gone.map(([, row]) => row.id)),
  };
}

function leave({ corrected, id }: RowToMend, reason: string): MendLoad["wrong"][number] {
  return { id, line: corrected.line, reason };
}

/** The rows as the only object of a store, read whole. */
function readable({ content }: CorrectedSource, object: number, file: string) {
  const { length } = content;
  const chunk = { object, key: file, etag: "corrected", lastModified: "", bytes: length, start: 0, end: length };
  const objects = {
    locate: (key: string) => key,
    async openRange() {
      return (async function* () {
        yield content;
      })();
    },
  };
  return { chunk, objects };
}

/** The byte is one of what we made from the file: a person knows its line. */
function byLine({ headline, details }: DatabaseError, { byOffset }: CorrectedSource, file: string): DatabaseError {
  const line = byOffset.get(details.where?.offset ?? -1)?.corrected.line;
  return new DatabaseError(headline, {
    ...details,
    where: { source: file, line },
    fix: "Correct the row in the file, or change the table, and run again: nothing was mended",
  });
}
