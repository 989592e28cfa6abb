import { type Kysely, sql, type Transaction } from "kysely";
import { SOURCE_OBJECT } from "../../core/contract/schema/names";
import { inTransaction } from "../../core/database/transaction";
import { DatabaseError } from "../../core/errors";
import { quoteTable } from "../../core/load/table-habits";
import type { FeedTables } from "../ledger/tables";
import { LOAD_AGAIN } from "./compare-target";
import { adoptOtherName, nameTarget, type TargetName } from "./target-name";

/** How a table differs from the one that the ledger loaded. */
export interface LostTable {
  readonly headline: string;
  readonly got: string;
}

/**
 * Finds out whether the rows that the ledger loaded are lost: the table is empty, and no undo emptied it, or it was created again later and has
 * none of them. A table restored from a dump is another one for PostgreSQL, too, but has its rows.
 */
export async function findLostTable(
  db: Kysely<FeedTables>,
  table: string,
  { ledger }: TargetName,
): Promise<LostTable | undefined> {
  const { rows } = await sql<{ loaded: boolean; empty: boolean; anotherOne: boolean }>`
    select exists (select from import_chunk c join import_object o on o.id = c.object
        where o.target = ${ledger} and not c.lost and c.rows > c.rejected) as loaded,
      not exists (select from ${sql.table(table)}) and (select undoes from load_history l join etl_run on etl_run.id = l.run
        where l.table_name = ${table} order by l.id desc limit 1) is null as empty,
      exists (select from import_target where target = ${ledger} and oid <> ${oidOf(table)}) as "anotherOne"`.execute(
    db,
  );
  const [found] = rows;
  if (found === undefined || !found.loaded) return undefined;
  if (found.empty) return { headline: `The table ${table} was loaded, and is empty`, got: "no row" };
  if (!found.anotherOne || (await hasOwnRow(db, table, ledger))) return undefined;
  return {
    headline: `The table ${table} was created again after it was loaded`,
    got: "none of the loaded rows",
  };
}

/** In a table filled by others this reads all of it; so only a table that was created again is asked. */
async function hasOwnRow(db: Kysely<FeedTables>, table: string, ledger: string): Promise<boolean> {
  const { rows } = await sql<{ own: boolean }>`select exists (select from ${sql.table(table)}
    where ${sql.id(SOURCE_OBJECT)} in (select id from import_object where target = ${ledger})) as own`.execute(db);
  return rows[0]?.own === true;
}

/**
 * Records which table is loaded from now on. If the earlier rows are lost, nothing counts as loaded any more: a run
 * that dies half way leaves the rest to the next one.
 *
 * @param isFull everything is to be loaded again
 * @throws DatabaseError if the rows are lost, and it is not
 */
export async function settleTarget(db: Kysely<FeedTables>, table: string, isFull: boolean): Promise<void> {
  const name = await nameTarget(db, table);
  await inTransaction(db, "the table has one name in the ledger if so", (trx) => adoptOtherName(trx, name));
  const lost = await findLostTable(db, table, name);
  if (lost !== undefined && !isFull) {
    throw new DatabaseError(lost.headline, {
      got: lost.got,
      expected: "the rows that the ledger has as loaded",
      fix: LOAD_AGAIN,
    });
  }
  await inTransaction(db, "the table was written down; import_target has it if so", async (trx) => {
    if (lost !== undefined) await forgetChunks(trx, name.ledger);
    await sql`insert into import_target (target, oid) values (${name.ledger}, ${oidOf(table)})
      on conflict (target) do update set oid = excluded.oid where import_target.oid <> excluded.oid`.execute(trx);
  });
}

/** What was mended is gone with the table, too. */
async function forgetChunks(trx: Transaction<FeedTables>, ledger: string): Promise<void> {
  await sql`update import_chunk set lost = true from import_object
    where import_object.id = import_chunk.object and target = ${ledger} and not lost`.execute(trx);
  await sql`delete from mended_row using import_object
    where kind = 'mended' and target = ${ledger} and etag = mended_row.run::text`.execute(trx);
}

function oidOf(table: string) {
  return sql`to_regclass(${quoteTable(table)})::oid::bigint`;
}
