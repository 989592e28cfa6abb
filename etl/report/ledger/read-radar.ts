import { type Kysely, sql } from "kysely";
import type { CoreTables } from "../../core/database/tables";
import { radarStatement } from "../../core/runs/revision-radar";
import type { Excerpt, RadarLine } from "../report-data";

/** The days before the page's making whose runs are read. */
export const RADAR_DAYS = 90;
/** The most revisions, the newest of all runs: a page must not wait for millions. */
export const RADAR_REVISIONS = 100_000;
const LINES_LIMIT = 100;
const DAY_MS = 86_400_000;

/** The past days that the runs of the last days revised, the newest run first. Only correct inside a transaction. */
export async function readRadar(db: Kysely<CoreTables>, pipeline: string, now: Date): Promise<Excerpt<RadarLine>> {
  const since = new Date(now.getTime() - RADAR_DAYS * DAY_MS).toISOString().slice(0, 10);
  // PostgreSQL estimates the few lines as millions, and compiles for seconds a query that takes one.
  await sql`select set_config('jit', 'off', true)`.execute(db);
  const { rows } = await sql<RadarLine & { total: number }>`
    select run::text as run, started, "table", "column", records::int4 as records, days::int4 as days, oldest, newest,
      days_back::int4 as "daysBack", sum::text as sum, largest::text as largest, (count(*) over ())::int4 as total
    from (${sql.raw(radarStatement(pipeline, since, RADAR_REVISIONS))}) as radar
    order by started desc, run, "table", "column" limit ${sql.lit(LINES_LIMIT)}`.execute(db);
  return { shown: rows.map(({ total: _, ...line }) => line), total: rows[0]?.total ?? 0 };
}
