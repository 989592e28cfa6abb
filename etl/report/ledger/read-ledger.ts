import { sql, type Transaction } from "kysely";
import type { CoreTables } from "../../core/database/tables";
import { findLedgerTables, isRead, type RejectedState, stateOf } from "../../core/mend/rejected-state";
import type { Excerpt, ReportData, ReportedRevision, ReportedRun } from "../report-data";

/** The most entries of each kind in a report, the newest; the totals count all. */
const LIMITS = { runs: 100, revisions: 100, rejections: 100, warnings: 50, ofRun: 5 } as const;
/** The most characters of an error, a reason or a raw row in a report. */
const TEXT_LIMIT = 300;

/** Reads one pipeline's entries from the tables that all pipelines share. */
export async function readLedger(
  db: Transaction<CoreTables>,
  pipeline: string,
): Promise<Pick<ReportData, "runs" | "revisions" | "rejections" | "warnings">> {
  return {
    runs: await readRuns(db, pipeline),
    revisions: await readRevisions(db, pipeline),
    rejections: await readRejections(db, pipeline),
    warnings: await readWarnings(db, pipeline),
  };
}

async function readRuns(db: Transaction<CoreTables>, pipeline: string): Promise<Excerpt<ReportedRun>> {
  const runs = db.selectFrom("etl_run").where("pipeline", "=", pipeline);
  const shown = await runs
    .select(["id", "status", "started", "finished", "inserted", "updated", "unchanged", "rejected"])
    // A database on which this version has not run lacks these columns.
    .select(sql<number | null>`(to_jsonb(etl_run) ->> 'dropped')::int8`.as("dropped"))
    .select(sql<number | null>`(to_jsonb(etl_run) ->> 'superseded')::int8`.as("superseded"))
    .select(sql<number | null>`(to_jsonb(etl_run) ->> 'removed')::int8`.as("removed"))
    .select(sql<boolean>`not ${isRead()}`.as("isMend"))
    .select(sql<boolean>`to_jsonb(etl_run) ->> 'undoes' is not null`.as("isUndo"))
    .select((await hasChunks(db)) ? chunksOf.as("chunks") : sql<null>`null`.as("chunks"))
    .select(begin<string | null>("error").as("error"))
    .select(sourcesOf.as("sources"))
    .select(warningsOf.as("warnings"))
    .orderBy("started", "desc")
    .orderBy("id")
    .limit(LIMITS.runs)
    .execute();
  const { total } = await runs.select(countAll.as("total")).executeTakeFirstOrThrow();
  return { shown, total };
}

async function readRevisions(db: Transaction<CoreTables>, pipeline: string): Promise<Excerpt<ReportedRevision>> {
  const revisions = db
    .selectFrom("revision")
    .innerJoin("etl_run", "etl_run.id", "revision.run")
    .where("pipeline", "=", pipeline);
  const shown = await revisions
    .select(["started as runStarted", "table_name as table"])
    .select([cutValues("key"), cutValues("before"), cutValues("after")])
    .orderBy("started", "desc")
    .orderBy("revision.id")
    .limit(LIMITS.revisions)
    .execute();
  const { total } = await revisions.select(countAll.as("total")).executeTakeFirstOrThrow();
  return { shown, total };
}

async function readRejections(db: Transaction<CoreTables>, pipeline: string): Promise<ReportData["rejections"]> {
  const state = sql<RejectedState>`${sql.raw(stateOf(await findLedgerTables(db)))}`;
  const rejections = db
    .selectFrom("rejected_row")
    .innerJoin("etl_run", "etl_run.id", "rejected_row.run")
    .where("pipeline", "=", pipeline);
  const shown = await rejections
    .where(state, "=", "open")
    .select(["started as runStarted", "line"])
    .select([
      begin<string>("source").as("source"),
      begin<string>("reason").as("reason"),
      begin<string>("raw").as("raw"),
    ])
    .orderBy("started", "desc")
    .orderBy("source")
    .orderBy("line")
    .limit(LIMITS.rejections)
    .execute();
  const states = await rejections
    .select([state.as("state"), countAll.as("total")])
    .groupBy(sql`1`)
    .execute();
  const count = (wanted: RejectedState) => states.find((found) => found.state === wanted)?.total ?? 0;
  return { shown, total: count("open"), mended: count("mended"), superseded: count("superseded") };
}

async function readWarnings(db: Transaction<CoreTables>, pipeline: string): Promise<Excerpt<string>> {
  const newest = await db
    .selectFrom("etl_run")
    .select("warnings")
    .where("pipeline", "=", pipeline)
    .where(isRead())
    .orderBy("started", "desc")
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();
  const warnings = newest?.warnings ?? [];
  const shown = warnings.slice(0, LIMITS.warnings).map((warning) => warning.slice(0, TEXT_LIMIT));
  return { shown, total: warnings.length };
}

/** Whether a feed ever ran on this database. */
async function hasChunks(db: Transaction<CoreTables>): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`select to_regclass('import_chunk') is not null as found`.execute(db);
  return rows[0]?.found === true;
}

/** Null if the run loaded none. */
const chunksOf = sql<ReportedRun["chunks"]>`(
  select jsonb_build_object('count', count(*), 'seconds', sum(seconds)) from import_chunk
  where import_chunk.run = etl_run.id having count(*) > 0)`;

/** The first sources of a run. */
const sourcesOf = sql<ReportedRun["sources"]>`(
  select coalesce(jsonb_agg(jsonb_build_object('name', left(source ->> 'name', ${sql.lit(TEXT_LIMIT)}), 'rows', source -> 'rows', 'unchanged', source -> 'unchanged') order by at), '[]')
  from jsonb_array_elements(etl_run.sources) with ordinality as read (source, at) where at <= ${sql.lit(LIMITS.ofRun)})`;

/** The first warnings of a run, and how many there are. */
const warningsOf = sql<ReportedRun["warnings"]>`(
  select jsonb_build_object('total', count(*),
    'shown', coalesce(jsonb_agg(left(warning, ${sql.lit(TEXT_LIMIT)}) order by at) filter (where at <= ${sql.lit(LIMITS.ofRun)}), '[]'))
  from jsonb_array_elements_text(etl_run.warnings) with ordinality as said (warning, at))`;

const countAll = sql<number>`count(*)::int4`;

function begin<Text>(column: string) {
  return sql<Text>`left(${sql.ref(column)}, ${sql.lit(TEXT_LIMIT)})`;
}

/**
 * An image whose values may be long. A cut value ends with a part of its hash, so that it does not look equal to
 * another one.
 */
function cutValues<Column extends "key" | "before" | "after">(column: Column) {
  return sql<Record<string, unknown>>`(
    select coalesce(jsonb_object_agg(image.key, case
      when length(image.value::text) <= ${sql.lit(TEXT_LIMIT)} then image.value
      else to_jsonb(left(image.value #>> '{}', ${sql.lit(TEXT_LIMIT - 20)}) || '… (sha256 '
        || left(encode(sha256(convert_to(image.value::text, 'UTF8')), 'hex'), 8) || ')') end), '{}')
    from jsonb_each(${sql.ref(`revision.${column}`)}) as image)`.as(column);
}
