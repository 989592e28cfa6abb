import { rm } from "node:fs/promises";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { S3Client } from "@aws-sdk/client-s3";
import type { Config } from "../../../config/schema";
import { readLedgerLines } from "../../../etl/adapters/aws/dynamodb-ledger-items";
import { openPglite } from "../../../etl/adapters/pglite/pglite";
import { counted } from "../../../etl/core/counted";
import { MillraceError } from "../../../etl/core/errors";
import { type ExportedPages, exportPages, type PagedDatabase } from "../../../etl/core/export/export-pages";
import { importTables } from "../../../etl/core/export/import-tables";
import { compareItems, hashLines, measureLines } from "../../../etl/core/export/ledger-lines";
import { type ExportedLedger, FORMAT } from "../../../etl/core/export/manifest";
import { contracts } from "../../../etl/feeds/feeds";
import { cacheFolder } from "../../cloud/environment/cache-folder";
import { onLedger } from "../../ops/missing-ledger";
import { beginExport, type ExportFolder, endExport } from "../../run/export/export-folder";
import { openExport } from "../../run/export/open-export";
import { type StackResource, textsOf } from "../workflow/data/stack-resources";
import { exportFunction } from "./deployed-export";
import { describeLoss } from "./describe-loss";
import { type ExportPlace, keepExport } from "./keep-export";
import { type RehearsalStop, restoreFolder } from "./rehearsal-stop";

/** The shortest time between two lines of progress of one table. */
const PROGRESS_MS = 10_000;

export interface Rehearsal {
  readonly config: Pick<Config, "project" | "environment">;
  /** Of the stacks that would be destroyed. */
  readonly resources: readonly StackResource[];
  readonly database: PagedDatabase;
  readonly dynamodb: DynamoDBClient;
  readonly s3: S3Client;
  /** A new folder, for the export until it is kept. */
  readonly folder: string;
  /** Where it is kept; undefined: in the folder. */
  readonly place: ExportPlace | undefined;
  readonly say: (text: string) => void;
  /** Knows what a stop leaves. */
  readonly stop: Pick<RehearsalStop, "exports" | "begins">;
}

/**
 * Exports all tables and ledgers, restores the export into an empty PostgreSQL, and compares each row's hash. Destroys
 * nothing.
 *
 * @returns what destroying would take, and how to come back
 * @throws MillraceError if the export is not what is deployed, or cannot be made
 */
export async function rehearse(rehearsal: Rehearsal): Promise<string> {
  const { config, resources, s3, folder, place, say, stop } = rehearsal;
  refuseWithoutFunction(config, resources);
  stop.exports({ folder, place });
  const { manifest, sizes } = await exportAndRestore(rehearsal).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  stop.begins("keep");
  const kept = await keep(rehearsal, manifest);
  stop.begins("kept");
  say(`the export is in ${kept}`);
  return describeLoss(s3, { environment: config.environment, resources, manifest, sizes, place: kept });
}

/** @returns where the export stays */
async function keep({ folder, place, say }: Rehearsal, manifest: ExportedPages["manifest"]): Promise<string> {
  if (place === undefined) return folder;
  return keepExport(folder, manifest, place).catch((error: unknown) => {
    say(`the export was not put into the bucket: it is in ${folder}, whole and compared`);
    throw error;
  });
}

function hasDatabase(resources: readonly StackResource[]): boolean {
  return textsOf(resources, "aws_db_instance", "identifier").length > 0;
}

/** @throws MillraceError if nothing in the database's network could show the tables */
function refuseWithoutFunction(config: Rehearsal["config"], resources: readonly StackResource[]): void {
  const name = exportFunction(config);
  if (!hasDatabase(resources) || textsOf(resources, "aws_lambda_function", "function_name").includes(name)) return;
  throw new MillraceError("The tables cannot be exported: the function for it is not deployed", {
    got: `no ${name} in the state of etl`,
    fix: "Deploy this version first. Or use pg_dump from inside the database's network, and destroy without a rehearsal",
  });
}

async function exportAndRestore(rehearsal: Rehearsal): Promise<ExportedPages> {
  const { resources, dynamodb, folder, say } = rehearsal;
  const files = await beginExport(folder);
  const tables = hasDatabase(resources) ? await exportDatabase(rehearsal, files) : NO_TABLES;
  const ledgers: ExportedLedger[] = [];
  for (const table of textsOf(resources, "aws_dynamodb_table", "name")) {
    ledgers.push(await exportLedger(rehearsal, files, table));
  }
  const manifest = { ...tables.manifest, exported: new Date().toISOString(), ledgers };
  await endExport(folder, manifest);
  await restore(rehearsal);
  for (const ledger of ledgers) {
    // The deployed one again: nobody wrote meanwhile.
    compareItems(ledger, await hashLines(readLedgerLines(dynamodb, ledger.table)), ledger.table);
    say(`${ledger.table}: the same ${counted(ledger.items, "item")}`);
  }
  return { manifest, sizes: tables.sizes };
}

const NO_TABLES: ExportedPages = {
  manifest: { format: FORMAT, exported: "", server: "", tables: [], ledgers: [], without: [] },
  sizes: new Map(),
};

function exportDatabase({ database, say }: Rehearsal, { keepPieces }: ExportFolder): Promise<ExportedPages> {
  let said = performance.now();
  return exportPages(database, {
    keep: keepPieces,
    contractOf: (table) => contracts.find((contract) => contract.table === table),
    onPage: (table, rows, isLast) => {
      if (!isLast && performance.now() - said < PROGRESS_MS) return;
      said = performance.now();
      say(isLast ? `exported ${table}: ${counted(rows, "row")}` : `${table}: ${counted(rows, "row")} so far`);
    },
  });
}

async function exportLedger(
  { dynamodb, say }: Rehearsal,
  { keep }: ExportFolder,
  table: string,
): Promise<ExportedLedger> {
  const file = `ledgers/${table}.jsonl.gz`;
  const { lines, total } = measureLines(readLedgerLines(dynamodb, table));
  const text = async function* () {
    for await (const line of lines) yield `${line}\n`;
  };
  const kept = await onLedger(table, () => keep(file, text()));
  say(`exported ${table}: ${counted(total().items, "item")}`);
  return { table, file, ...kept, ...total() };
}

/** On disk, whatever the size of a table; removed at the end. */
async function restore({ folder, say }: Rehearsal): Promise<void> {
  const { manifest, open, openLedger } = await openExport(folder);
  if (manifest.tables.length > 0) {
    const directory = restoreFolder(folder);
    try {
      const { db, close } = await openPglite<unknown>(directory, { cache: cacheFolder() });
      const onTable = (name: string, rows: number) => say(`restored ${name}: the same ${counted(rows, "row")}`);
      await importTables(db, manifest, { open, onTable }).finally(close);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }
  for (const ledger of manifest.ledgers) compareItems(ledger, await hashLines(openLedger(ledger)), ledger.file);
}
