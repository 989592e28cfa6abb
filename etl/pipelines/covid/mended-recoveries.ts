import { sql, type Transaction } from "kysely";
import type { RejectedRow } from "../../core/csv/rejected-row";
import type { Kept } from "../../core/load/history";
import { loadRecords, targetOf } from "../../core/load/load-records";
import { covidDaily } from "./contracts";
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
  if (!(await wasMended(trx, "recoveries", rejected))) return;
  const known = await trx.selectFrom("covid_daily").select(["date", "recoveries"]).execute();
  for (const { date, recoveries } of known) if (!byDate.has(date)) byDate.set(date, recoveries);
}

/**
 * Gives days whose cases a person mended the recoveries that the source has: the rows of cases, which it still lacks, do not bring them.
 *
 * @param read the days that the source of cases has
 */
export async function giveRecoveries(
  trx: Transaction<CovidTables>,
  byDate: CountsByDay,
  {
    read,
    rejected,
    run,
    kept,
  }: {
    readonly read: CountsByDay;
    readonly rejected: readonly RejectedRow[];
    readonly run: string;
    readonly kept: Kept | undefined;
  },
): Promise<{ readonly updated: number; readonly dropped: number }> {
  if (!(await wasMended(trx, "cases", rejected))) return { updated: 0, dropped: 0 };
  const days = await trx.selectFrom("covid_daily").selectAll().orderBy("date").execute();
  const given = days
    .filter(({ date, recoveries }) => !read.has(date) && byDate.has(date) && byDate.get(date) !== recoveries)
    .map((day) => ({ ...day, recoveries: byDate.get(day.date) }));
  const records = (async function* () {
    yield given;
  })();
  return loadRecords(trx, { ...targetOf(covidDaily), run, kept, records });
}

/** Whether one of the rows of a source that a run rejects was mended, and every run since had rejected it. */
async function wasMended(
  trx: Transaction<CovidTables>,
  name: "cases" | "recoveries",
  rejected: readonly RejectedRow[],
): Promise<boolean> {
  const texts = rejected.filter(({ source }) => source === name).map(({ raw }) => raw.replaceAll("\0", "\uFFFD"));
  if (texts.length === 0) return false;
  const { rows } = await sql<{ mended: boolean }>`select exists (
    select from mended_row m join rejected_row was on was.id = m.rejected join etl_run on etl_run.id = m.run
      join etl_run was_run on was_run.id = was.run
    where etl_run.pipeline = 'covid' and was.source = ${name} and was.raw = any(${sql.val(texts)}::text[])
      and not exists (select from etl_run later where later.pipeline = 'covid' and later.status = 'succeeded' and later.mended_by is null
        and later.started > was_run.started
        and not exists (select from rejected_row again where again.run = later.id and again.source = was.source and again.raw = was.raw))) as mended`.execute(
    trx,
  );
  return rows[0]?.mended === true;
}
