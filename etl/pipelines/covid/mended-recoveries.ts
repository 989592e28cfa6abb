import { sql, type Transaction } from "kysely";
import type { RejectedRow } from "../../core/csv/rejected-row";
import type { CountsByDay } from "./counts-by-day";
import type { CovidTables } from "./tables";

/**
 * Keeps the recoveries that a person mended: the source still has the row that was rejected, and no other of its day, which would become
 * unknown. Which day it was a broken row does not say: so each day that the source lacks keeps what is known.
 *
 * @param byDate what the source has; it gets the days that are kept
 */
export async function keepMended(
  trx: Transaction<CovidTables>,
  byDate: CountsByDay,
  rejected: readonly RejectedRow[],
): Promise<void> {
  const texts = rejected
    .filter(({ source }) => source === "recoveries")
    .map(({ raw }) => raw.replaceAll("\0", "\uFFFD"));
  if (texts.length === 0) return;
  const { rows } = await sql<{ mended: boolean }>`select exists (
    select from mended_row m join rejected_row was on was.id = m.rejected join etl_run on etl_run.id = m.run
      join etl_run was_run on was_run.id = was.run
    where etl_run.pipeline = 'covid' and was.source = 'recoveries' and was.raw = any(${sql.val(texts)}::text[])
      and not exists (select from etl_run later where later.pipeline = 'covid' and later.status = 'succeeded' and later.mended_by is null
        and later.started > was_run.started
        and not exists (select from rejected_row again where again.run = later.id and again.source = was.source and again.raw = was.raw))) as mended`.execute(
    trx,
  );
  if (rows[0]?.mended !== true) return;
  const known = await trx.selectFrom("covid_daily").select(["date", "recoveries"]).execute();
  for (const { date, recoveries } of known) if (!byDate.has(date)) byDate.set(date, recoveries);
}
