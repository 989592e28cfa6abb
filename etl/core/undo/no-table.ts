import { sql, type Transaction } from "kysely";
import type { CoreTables } from "../database/tables";
import { DatabaseError } from "../errors";
import { quoteTable } from "../load/table-habits";

/** A table that has a history, and is not there. */
export function noTable(table: string): DatabaseError {
  return new DatabaseError(`The table ${table} does not exist`, {
    expected: "the table that runs loaded: its history is still kept",
    fix: "It was dropped or renamed, or search_path leads to another schema: restore it, or correct search_path",
  });
}

/** @throws DatabaseError where the table of a history does not exist */
export async function requireTable(trx: Transaction<CoreTables>, table: string): Promise<void> {
  const { rows } = await sql<{ missing: boolean }>`select to_regclass(${quoteTable(table)}) is null as missing`.execute(
    trx,
  );
  if (rows[0]?.missing === true) throw noTable(table);
}
