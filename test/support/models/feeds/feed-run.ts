import { sql } from "kysely";
import type { Feed } from "../../../../etl/core/contract/contract";
import type { Database } from "../../../../etl/core/database/database";
import { LiveDatabase } from "../../../../etl/core/database/live-database";
import type { RangedObjects } from "../../../../etl/core/objects/objects";
import { summariseFeed } from "../../../../etl/feeds/ledger/summarise";
import type { FeedTables } from "../../../../etl/feeds/ledger/tables";
import { loadChunk } from "../../../../etl/feeds/load/load-chunk";
import { MemoryLists } from "../../../../etl/feeds/plan/memory-lists";
import { type PlanOptions, planFeed } from "../../../../etl/feeds/plan/plan";
import type { ChunkCounts, FeedChunk, FeedSummary, PlanResult } from "../../../../etl/feeds/run/events";
import type { VerdictWriting } from "../../../../etl/feeds/verdicts/write-verdicts";

/** Readings of made-up meters: a column of each type. */
export const readings: Feed = {
  name: "readings",
  table: "readings",
  columns: {
    meter: { type: "text" },
    at: { type: "timestamptz" },
    value: { type: "numeric", precision: 10, scale: 2 },
    count: { type: "integer", nullable: true },
    total: { type: "bigint", nullable: true },
    day: { type: "date", nullable: true },
    valid: { type: "boolean", nullable: true },
    note: { type: "text", nullable: true },
  },
  key: ["meter", "at"],
};

/** The tables of the ledger, and those of what made them. */
export const LEDGER = [
  ...["import_request", "import_chunk", "import_run", "import_object", "import_target"],
  ...["rejected_row", "rejected_header", "mended_row", "revision", "load_history", "inserted_key", "removed_row"],
  "etl_run",
];
export const MIGRATED = ["millrace_migration_core", "millrace_migration_import"];

export const HEADER = "meter,at,value,count,total,day,valid,note";

/** One row as text; what is not given is empty. */
export function reading(meter: string, facts: Partial<Record<keyof typeof readings.columns, string>> = {}): string {
  const { at = "2026-01-01T00:00:00Z", value = "1.00", ...rest } = facts;
  return [meter, at, value, rest.count, rest.total, rest.day, rest.valid, rest.note].map((text) => text ?? "").join();
}

export function csvOf(...rows: readonly string[]): string {
  return `${[HEADER, ...rows].join("\n")}\n`;
}

export interface PlannedRun extends PlanResult {
  readonly list: readonly FeedChunk[];
}

export type FeedRun = Partial<Pick<PlanOptions, "manifests">> &
  Pick<
    PlanOptions,
    | "contract"
    | "objects"
    | "include"
    | "exclude"
    | "chunkBytes"
    | "full"
    | "attended"
    | "again"
    | "runId"
    | "patience"
    | "replay"
  >;

/** Plans a run and keeps its manifest. @throws NotBegunError where another one is under way, or nobody requested it */
export function plan(database: Database<FeedTables>, options: FeedRun): Promise<PlannedRun> {
  return planLive(new LiveDatabase(database), options);
}

export async function planLive(live: LiveDatabase<FeedTables>, options: FeedRun): Promise<PlannedRun> {
  const { manifests = new MemoryLists() } = options;
  const planned = await planFeed(live, { ...options, manifests });
  if ("waitsFor" in planned) throw new NotBegunError(planned.text);
  return { ...planned, list: (await manifests.get(planned.manifest.key)) as readonly FeedChunk[] };
}

/** A run that was to begin found another one under way. */
export class NotBegunError extends Error {}

export function load(
  database: Database<FeedTables>,
  { runId }: Pick<PlannedRun, "runId">,
  chunk: FeedChunk,
  { contract, objects }: { readonly contract: Feed; readonly objects: RangedObjects },
): Promise<ChunkCounts> {
  return loadChunk(new LiveDatabase(database), { runId, chunk, contract, objects });
}

/** A whole run, chunk after chunk in the order of the manifest. */
export async function run(
  database: Database<FeedTables>,
  options: FeedRun & { readonly verdicts?: VerdictWriting },
): Promise<FeedSummary> {
  const planned = await plan(database, options);
  for (const chunk of planned.list) await load(database, planned, chunk, options);
  return summariseFeed(new LiveDatabase(database), options.contract, planned.runId, undefined, options.verdicts);
}

/** The table's rows in the key's order, as JSON text; with where they came from. */
export async function readTable({ db }: Database<FeedTables>, { table, key }: Feed): Promise<string[]> {
  const order = sql.join(key.map((column) => sql`${sql.id(column)}::text collate "C"`));
  const { rows } = await sql<{ row: string }>`
    select (to_jsonb(t) - 'source_object' || jsonb_build_object('source', o.location))::text as row
    from ${sql.table(table)} t left join import_object o on o.id = t.source_object order by ${order}`.execute(db);
  return rows.map(({ row }) => row);
}

/** A column of the table, in the key's order. */
export async function readColumn(
  { db }: Database<FeedTables>,
  { table, key }: Feed,
  column: string,
): Promise<unknown[]> {
  const order = sql.join(key.map((part) => sql.id(part)));
  const { rows } = await sql<{ value: unknown }>`
    select ${sql.id(column)} as value from ${sql.table(table)} order by ${order}`.execute(db);
  return rows.map(({ value }) => value);
}

/** Drops everything that runs of feeds have made. */
export async function forget({ db }: Pick<Database<FeedTables>, "db">, { table }: Feed): Promise<void> {
  const all = [table, `millrace_migration_import_${table}`, ...LEDGER, ...MIGRATED];
  await sql`drop table if exists ${sql.join(all.map((each) => sql.table(each)))}`.execute(db);
}

/** Time passes: whatever was alive until now counts as dead. */
export async function endLeases({ db }: Database<FeedTables>): Promise<void> {
  await sql`update import_run set alive_until = clock_timestamp() - interval '1 second'`.execute(db);
}
