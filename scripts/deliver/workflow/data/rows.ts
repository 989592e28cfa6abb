import { sql } from "kysely";
import { openPostgres } from "../../../../etl/adapters/postgres/postgres";
import type { Database } from "../../../../etl/core/database/database";
import { escapeMarkdown, inlineCode } from "../../plan-review/render/escape-markdown";
import { type StackResource, textsOf } from "./stack-resources";

/** PostgreSQL's own estimate, which is cheap for any number of rows ("The Cumulative Statistics System"). */
const QUERY = "SELECT schemaname || '.' || relname AS name, n_live_tup AS rows FROM pg_stat_user_tables ORDER BY 1";

/** A table of tables with their approximate numbers of rows; or how to count them if the database is out of reach. */
export async function describeRows(
  url: string | undefined,
  resources: readonly StackResource[],
): Promise<readonly string[]> {
  if (textsOf(resources, "aws_db_instance", "identifier").length === 0) return [];
  if (url === undefined || url === "") return outOfReach("no DATABASE_URL is set");
  let database: Database<object> | undefined;
  try {
    database = await openPostgres<object>(url);
    const { rows } = await sql.raw<{ name: string; rows: number }>(QUERY).execute(database.db);
    return [
      "",
      "| table | rows, about |",
      "|---|---|",
      ...rows.map(({ name, rows }) => `| ${inlineCode(name)} | ${rows} |`),
    ];
  } catch (error) {
    return outOfReach(error instanceof Error ? error.message : String(error));
  } finally {
    await database?.close().catch(() => undefined);
  }
}

function outOfReach(why: string): readonly string[] {
  return [
    "",
    `Rows are not counted: ${escapeMarkdown(why)}. The database is private; from inside its network, run:`,
    "",
    "```sql",
    QUERY,
    "```",
  ];
}
