import { Client } from "pg";
import { escapeMarkdown, inlineCode } from "../../plan-review/escape-markdown";
import { type StackResource, textsOf } from "./stack-resources";

/** PostgreSQL's own estimate, which costs nothing however many there are ("The Cumulative Statistics System"). */
const QUERY = "SELECT schemaname || '.' || relname AS name, n_live_tup AS rows FROM pg_stat_user_tables ORDER BY 1";

/** A table of tables with about how many rows each has; how to count them where the database is out of reach. */
export async function describeRows(
  url: string | undefined,
  resources: readonly StackResource[],
): Promise<readonly string[]> {
  if (textsOf(resources, "aws_db_instance", "identifier").length === 0) return [];
  if (url === undefined || url === "") return outOfReach("no DATABASE_URL is set");
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ name: string; rows: string }>(QUERY);
    return [
      "",
      "| table | rows, about |",
      "|---|---|",
      ...rows.map(({ name, rows }) => `| ${inlineCode(name)} | ${rows} |`),
    ];
  } catch (error) {
    return outOfReach(error instanceof Error ? error.message : String(error));
  } finally {
    await client.end().catch(() => undefined);
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
