import { sql, type Transaction } from "kysely";
import type { FeedTables } from "./tables";

/** What the run ledger keeps of a run's chunks: the code that loaded them, and one hash of their rows, in the order of objects. */
export async function readProof(
  trx: Transaction<FeedTables>,
  run: string,
): Promise<{ readonly code: string | null; readonly result: string | null }> {
  const { rows } = await sql<{ code: string | null; result: string | null }>`
    select string_agg(distinct c.code, ' ') as code, case when bool_and(c.result is not null)
      then encode(sha256(convert_to(string_agg(c.result, ',' order by o.location, o.id, c.first), 'UTF8')), 'hex') end as result
    from import_chunk c join import_object o on o.id = c.object where c.run = ${run} and c.refused is null`.execute(
    trx,
  );
  return rows[0] ?? { code: null, result: null };
}
