import { type Kysely, sql } from "kysely";
import type { CoreTables } from "../../core/database/tables";
import { findTable } from "../table/catalogue";
import type { TableSubject } from "../table/table-page";

/** The number of a pipeline's newest runs that are searched for the table that they changed. */
const RUNS_ASKED = 100;

/**
 * The table pages to make: a table of each feed and pipeline that ever ran on the database. The ledger of feeds names
 * their tables; a pipeline's own has the pipeline's name, or is the one that its runs changed.
 */
export async function findSubjects(db: Kysely<CoreTables>): Promise<readonly TableSubject[]> {
  if ((await findTable(db, "etl_run")) === undefined) return [];
  const { rows } = await sql<{ pipeline: string }>`select distinct pipeline from etl_run order by 1`.execute(db);
  const hasFeeds = (await findTable(db, "import_run")) !== undefined;
  const found: TableSubject[] = [];
  for (const { pipeline } of rows) {
    const loaded = hasFeeds ? await feedTables(db, pipeline) : [];
    const tables = loaded.length > 0 ? loaded : [await ownTable(db, pipeline)];
    for (const table of tables) {
      found.push({ pipeline, table, ...(tables.length > 1 && { title: `${pipeline}-${table}` }) });
    }
  }
  return found;
}

/** None if no run of that name loaded an object. */
async function feedTables(db: Kysely<CoreTables>, feed: string): Promise<readonly string[]> {
  const { rows } = await sql<{ target: string }>`
    select distinct o.target from import_run i join import_chunk c on c.run = i.run join import_object o on o.id = c.object
    where i.contract = ${feed} order by 1`.execute(db);
  return rows.map(({ target }) => target);
}

async function ownTable(db: Kysely<CoreTables>, pipeline: string): Promise<string> {
  const own = pipeline.replaceAll("-", "_");
  if ((await findTable(db, own)) !== undefined) return own;
  const { rows } = await sql<{ table: string }>`
    select table_name as "table" from revision where run in (
      select id from etl_run where pipeline = ${pipeline} order by started desc limit ${sql.lit(RUNS_ASKED)}
    ) limit 1`.execute(db);
  return rows[0]?.table ?? own;
}
