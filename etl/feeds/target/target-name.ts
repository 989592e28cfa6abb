import { type Kysely, sql, type Transaction } from "kysely";
import { quoteTable } from "../../core/load/table-habits";
import type { FeedTables } from "../ledger/tables";

/**
 * A table under one name, however a contract spells it: `sales` and `public.sales` are one table with one lock and one
 * ledger.
 */
export interface TargetName {
  /** `schema.table`. */
  readonly full: string;
  /** Its name in the ledger: without its schema if the search path finds it so, as most contracts spell it. */
  readonly ledger: string;
}

/** For a missing table, its name in the contract. */
export async function nameTarget(db: Kysely<FeedTables>, table: string): Promise<TargetName> {
  const { rows } = await sql<{ schema: string; name: string; bare: boolean }>`
    select nspname as schema, relname as name, coalesce(to_regclass(quote_ident(relname)) = pg_class.oid, false) as bare
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where pg_class.oid = to_regclass(${quoteTable(table)})`.execute(db);
  const [found] = rows;
  if (found === undefined) return { full: table, ledger: table };
  const full = `${found.schema}.${found.name}`;
  return { full, ledger: found.bare ? found.name : full };
}

/** Entries of an older version under the other name continue under this one. */
export async function adoptOtherName(trx: Transaction<FeedTables>, { full, ledger }: TargetName): Promise<void> {
  if (full === ledger) return;
  await sql`update import_object as other set target = ${ledger} where target = ${full} and not exists (
    select from import_object as own where own.target = ${ledger} and own.location = other.location and own.etag = other.etag
  )`.execute(trx);
}
