import { type Kysely, type RawBuilder, sql } from "kysely";
import type { CoreTables } from "../../core/database/tables";
import { quoteTable } from "../../core/load/table-habits";
import type { Excerpt, ReportedRun, TableAfterRun } from "../report-data";

/** A figure of a table, as an aggregate of its rows that has a text. */
export interface FigureOf {
  readonly title: string;
  readonly aggregate: RawBuilder<unknown>;
}

/** Reading a larger table as it was, several times, takes too long for a page. */
export const MOST_ROWS = 100_000;
/** The most moments, the newest: each is a scan of the table. */
const MOMENTS_LIMIT = 10;

/**
 * A table's figures as they were after each of the newest runs that changed it, and after those that changed nothing since: as loads left it.
 * What others changed counts as of now. Nothing for runs before the table's history begins.
 */
export async function readAfterRuns(
  db: Kysely<CoreTables>,
  table: string,
  runs: Excerpt<ReportedRun>,
  figures: readonly FigureOf[],
): Promise<readonly TableAfterRun[]> {
  const moments = await findMoments(db, table, runs);
  const of = sql`null::${sql.raw(quoteTable(table))}`;
  const found: TableAfterRun[] = [];
  for (const at of [...new Set(moments.map((moment) => moment.at))].slice(0, MOMENTS_LIMIT)) {
    const { rows } = await sql<{ figures: readonly (string | null)[] }>`
      select jsonb_build_array(${sql.join(figures.map(({ aggregate }) => sql`(${aggregate})::text`))}) as figures
      from millrace_as_of(${of}, ${at}::timestamptz)`.execute(db);
    const values = figures.map(({ title }, index) => ({ title, value: rows[0]?.figures[index] ?? null }));
    for (const moment of moments) if (moment.at === at) found.push({ run: moment.run, figures: values });
  }
  return found;
}

/** When each of the runs had changed the table for the last time, or one before it had; the newest first. */
async function findMoments(
  db: Kysely<CoreTables>,
  table: string,
  runs: Excerpt<ReportedRun>,
): Promise<readonly { readonly run: string; readonly at: string }[]> {
  const { rows: known } = await sql<{ known: boolean }>`
    select to_regprocedure('millrace_history_begins(regclass)') is not null as known`.execute(db);
  if (known[0]?.known !== true || runs.shown.length === 0) return [];
  const { rows } = await sql<{ run: string; at: string }>`
    with load as materialized (
      select run, coalesce(finished, started) as at from load_history
      where table_name = any(millrace_history_names(to_regclass(${quoteTable(table)})))
    ), changed as (
      select etl_run.id as run, (select max(load.at) from load where load.run = etl_run.id or load.at <= etl_run.finished) as at
      from etl_run where id = any(${sql.val(runs.shown.map(({ id }) => id))}::uuid[]) and finished is not null
    )
    select run, at::text as at from changed
    where at >= millrace_history_begins(to_regclass(${quoteTable(table)})) order by changed.at desc, run`.execute(db);
  return rows;
}
