import { join } from "node:path";
import { sql } from "kysely";
import { runProgram } from "../../command-line/run-program";
import type { Bench } from "./bench-server";
import { type Measurement, parseMeasurement } from "./measurement";
import type { Shape } from "./shapes";

/** Tools that copy Arrow's or DuckDB's columns into a stage, which one statement upserts; they count nothing. */
export const stagingTools = ["DuckDB", "ADBC"] as const;
export type StagingTool = (typeof stagingTools)[number];

export function isStagingTool(name: string): name is StagingTool {
  return stagingTools.some((tool) => tool === name);
}

/** @param file CSV, or COPY's text format, by its name */
export async function loadStaged(
  { python, url, database: { db } }: Bench,
  tool: StagingTool,
  { table, key, columns }: Pick<Shape, "table" | "key"> & { readonly columns: readonly string[] },
  file: string,
  rows: number,
): Promise<Measurement> {
  const { stdout } = await runProgram(python, [
    ...[join(__dirname, "contenders/load_staged.py"), tool.toLowerCase(), url, table],
    ...[key.replaceAll(" ", ""), columns.join(), file],
  ]);
  const { rows: found } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(db);
  if (found[0]?.count !== rows) throw new Error(`${tool} left ${found[0]?.count} rows of ${rows}`);
  return parseMeasurement(stdout);
}
