import { type Kysely, sql } from "kysely";
import type { CoreTables, SourceSummary } from "../database/tables";
import { daysBetween, renderDays } from "./feed-checks";

export interface Feed {
  readonly pipeline: string;
  readonly sources: readonly SourceSummary[];
  /** `YYYY-MM-DD` of the newest record, if a pipeline knows it. */
  readonly newestDay?: string;
}

/** Somewhere it is tomorrow already. */
const DAYS_AHEAD = 1;

/**
 * Warns if a feed, or one of its sources, has had nothing new for more than the given number of days, or its newest record is of a day
 * to come.
 */
export async function watchNews(
  db: Kysely<CoreTables>,
  { pipeline, sources, newestDay }: Feed,
  { staleDays, today }: { readonly staleDays: number; readonly today: string },
): Promise<readonly string[]> {
  const isStale = (day: string | null | undefined): day is string =>
    typeof day === "string" && daysBetween(day, today) > staleDays;
  const since = (day: string) => `since ${day} (${renderDays(daysBetween(day, today))})`;
  if (newestDay !== undefined && daysBetween(today, newestDay) > DAYS_AHEAD)
    return [`the newest day, ${newestDay}, is still to come: check the dates of the sources`];
  if (isStale(newestDay)) return [`no news ${since(newestDay)}: ask the publisher whether the feed has ended`];
  const told: string[] = [];
  for (const { name, sha256 } of sources) {
    const day = await sameSince(db, pipeline, { name, sha256 });
    if (isStale(day)) told.push(`${name}: no change ${since(day)}: ask its publisher whether it has ended`);
  }
  return told;
}

/** The day of the first of the consecutive runs up to now that found this content. */
async function sameSince(
  db: Kysely<CoreTables>,
  pipeline: string,
  { name, sha256 }: Pick<SourceSummary, "name" | "sha256">,
): Promise<string | null | undefined> {
  const { rows } = await sql<{ day: string | null }>`
    with known as (
      select started, source ->> 'sha256' as sha256 from etl_run, jsonb_array_elements(sources) source
      where pipeline = ${pipeline} and status = 'succeeded' and mended_by is null and source ->> 'name' = ${name}
    )
    select to_char(min(started) at time zone 'UTC', 'YYYY-MM-DD') as day from known
    where started > coalesce((select max(started) from known where sha256 <> ${sha256}), '-infinity')`.execute(db);
  return rows[0]?.day;
}
