import { literal } from "../../run/prove/stored-run";
import type { Reader } from "../../run/undo/as-of";

/** A reader of a ledger that may lack a column: before the first run of this version it knows nothing of what is asked. */
export async function ledgerReader(read: Reader, table: string, column: string): Promise<Reader> {
  const { rows } = await read(
    `select 1 from pg_attribute where attrelid = to_regclass(${literal(table)}) and attname = ${literal(column)}`,
  );
  return rows.length > 0 ? read : async () => ({ columns: [], rows: [] });
}
