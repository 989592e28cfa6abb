import { type QueryExecutorProvider, type RawBuilder, sql } from "kysely";

/** Each rejected row is in one of these states. */
export type RejectedState = "open" | "mended" | "superseded";

/** Tables that a database may lack: this version has not run on it, or it never had a feed. */
export interface LedgerTables {
  /** Without them nothing was ever rejected. */
  readonly runs: boolean;
  readonly mended: boolean;
  readonly feeds: boolean;
}

/** One statement for the role that reads: which of {@link LedgerTables} exist. */
export const LEDGER_TABLES =
  "select to_regclass('rejected_row') is not null as runs, to_regclass('mended_row') is not null as mended, to_regclass('import_chunk') is not null as feeds";

export async function findLedgerTables(db: QueryExecutorProvider): Promise<LedgerTables> {
  const { rows } = await sql.raw<LedgerTables>(LEDGER_TABLES).execute(db);
  return rows[0] ?? { runs: false, mended: false, feeds: false };
}

/** Whether an `etl_run` read its sources: it mended nothing. A database that this version has not run on has no such column. */
export function isRead(): RawBuilder<boolean> {
  return sql<boolean>`(to_jsonb(etl_run) ->> 'mended_by' is null)`;
}

/**
 * The state of a `rejected_row` joined with its `etl_run`, as SQL. A feed's row is of its object as that is now, or superseded: another
 * version was loaded, or another reading of the same one. Any other pipeline reads whole sources: its row is superseded once a later run has
 * read them. A row that is rejected again, with the same text, was mended before, unless its source was loaded without it meanwhile: then
 * the table has what that said.
 */
export function stateOf({ mended, feeds }: Omit<LedgerTables, "runs">): string {
  const open = feeds ? `case when ${OF_FEED} then ${IS_OF_OBJECT} else ${isNewest(mended)} end` : isNewest(mended);
  if (!mended) return `case when ${open} then 'open' else 'superseded' end`;
  return `case
    when exists (select from mended_row where rejected = rejected_row.id and not superseded) then 'mended'
    when exists (select from mended_row where rejected = rejected_row.id) or not (${open}) then 'superseded'
    when ${wasMended(feeds)} then 'mended'
    else 'open' end`;
}

const OF_FEED = `exists (select from import_chunk c join import_object o on o.id = c.object
  where c.run = rejected_row.run and o.location = rejected_row.source)`;

/** A database that this version has not run on lacks some of these columns. */
const IS_OF_OBJECT = `exists (select from import_chunk c join import_object o on o.id = c.object
    where c.run = rejected_row.run and o.location = rejected_row.source
      and ((to_jsonb(c) ->> 'lost')::boolean is not true or to_jsonb(o) ->> 'rejected_by' = c.run::text)
      and not exists (select from import_object n join import_chunk l on l.object = n.id
        where n.target = o.target and n.location = o.location and (n.last_modified, n.id) > (o.last_modified, o.id)
          and ${isLoaded("l", "n")}))`;

/** A chunk that was refused, or is of an object that was rejected as a whole, put nothing in place of what is there. */
function isLoaded(chunk: string, object: string): string {
  return `(to_jsonb(${chunk}) ->> 'lost')::boolean is not true and to_jsonb(${chunk}) ->> 'refused' is null
    and to_jsonb(${object}) ->> 'rejected_since' is null`;
}

/** A run that failed has read a source where it rejected rows of it. */
function isNewest(mended: boolean): string {
  return `not exists (select from etl_run later where later.pipeline = etl_run.pipeline and later.started > etl_run.started
    ${mended ? "and later.mended_by is null" : ""}
    and (later.status = 'succeeded' or later.status = 'failed' and exists (
      select from rejected_row again where again.run = later.id and again.source = rejected_row.source)))`;
}

/** Texts that are kept whole are compared: the longest is cut at 1,000 characters. Of rows that are alike, as many are mended as were. */
function wasMended(feeds: boolean): string {
  const fromMended = `from mended_row m join rejected_row was on was.id = m.rejected join etl_run was_run on was_run.id = was.run
    where not m.superseded and was_run.pipeline = etl_run.pipeline and was.source = rejected_row.source and was.raw = rejected_row.raw
      and was.run <> rejected_row.run`;
  const without = feeds ? `case when ${OF_FEED} then ${LOADED_WITHOUT} else ${READ_WITHOUT} end` : READ_WITHOUT;
  return `case when rejected_row.raw <> '' and length(rejected_row.raw) < 1000 and exists (select ${fromMended}) then
    (select count(*) ${fromMended} and not ${without}) >= (select count(*) from rejected_row alike
      where alike.run = rejected_row.run and alike.source = rejected_row.source and alike.raw = rejected_row.raw and alike.id <= rejected_row.id)
    else false end`;
}

/** Whether a run between that of the mended row, `was`, and that of the same row again had a source without it. */
const READ_WITHOUT = `exists (select from etl_run between_run where between_run.pipeline = etl_run.pipeline
    and between_run.status = 'succeeded' and between_run.mended_by is null
    and between_run.started > was_run.started and between_run.started < etl_run.started
    and not exists (select from rejected_row again where again.run = between_run.id and again.source = was.source and again.raw = was.raw))`;

/** The same of an object: a version of it was loaded that had no such row. */
const LOADED_WITHOUT = `exists (select from import_object n join import_chunk l on l.object = n.id join etl_run between_run on between_run.id = l.run
    where n.location = was.source and between_run.pipeline = etl_run.pipeline and to_jsonb(l) ->> 'refused' is null
      and between_run.started > was_run.started and between_run.started < etl_run.started
      and not exists (select from import_chunk any_of join rejected_row again on again.run = any_of.run
        where any_of.object = n.id and again.source = was.source and again.raw = was.raw))`;
