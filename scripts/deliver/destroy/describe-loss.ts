import type { S3Client } from "@aws-sdk/client-s3";
import { amountOf, counted } from "../../../etl/core/counted";
import type { Manifest } from "../../../etl/core/export/manifest";
import { inlineCode } from "../plan-review/render/escape-markdown";
import { describeBuckets } from "../workflow/data/buckets";
import { type StackResource, textsOf } from "../workflow/data/stack-resources";

export interface Loss {
  readonly environment: string;
  readonly resources: readonly StackResource[];
  readonly manifest: Manifest;
  /** Of each table, on disk. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Where the export is. */
  readonly place: string;
}

/** What destroying would take, and how to come back, as Markdown. */
export async function describeLoss(
  s3: S3Client,
  { environment, resources, manifest, sizes, place }: Loss,
): Promise<string> {
  const databases = textsOf(resources, "aws_db_instance", "identifier");
  const functions = textsOf(resources, "aws_lambda_function", "function_name");
  const lines = [
    `## Rehearsed: what destroying ${environment} would take`,
    "",
    `Nothing was destroyed. The export of ${manifest.exported} was restored into an empty PostgreSQL, and each table had the same rows.`,
    ...tablesOf(manifest, sizes, databases.length > 0),
    ...manifest.ledgers.flatMap(({ table, items }) => ["", `Ledger ${inlineCode(table)}: ${amountOf(items, "item")}.`]),
    ...(await describeBuckets(s3, resources)),
    "",
    `With them: ${counted(databases.length, "database")}, ${counted(functions.length, "function")}, ${counted(resources.length, "resource")} in all.`,
    ...manifest.without.flatMap((what) => ["", `Not in the export: ${what}.`]),
    "",
    "Objects of buckets are **not** in the export: copy what must stay (`aws s3 sync s3://BUCKET FOLDER`).",
    "",
    "To come back, deploy again, and before anything runs, from inside the database's network (DATABASE_URL):",
    "",
    "```sh",
    `npm run etl -- import --from ${place}${manifest.ledgers.map(({ table }) => ` --ledger ${table}`).join("")}`,
    "```",
  ];
  return lines.join("\n");
}

function tablesOf({ tables }: Manifest, sizes: Loss["sizes"], isOurs: boolean): readonly string[] {
  if (tables.length === 0) {
    return [
      "",
      isOurs
        ? "The database has no tables yet."
        : "The database is another owner's: its tables stay, and are not in the export.",
    ];
  }
  const rows = tables.map(
    ({ name, rows, bytes }) =>
      `| ${inlineCode(name)} | ${number(rows)} | ${number(sizes.get(name) ?? 0)} | ${number(bytes)} |`,
  );
  return ["", "| table | rows | bytes | exported |", "|---|---|---|---|", ...rows];
}

function number(value: number): string {
  return value.toLocaleString("en");
}
