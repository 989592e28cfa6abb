import { cpSync } from "node:fs";
import { join } from "node:path";
import { type Kysely, sql } from "kysely";
import { openPglite } from "../../../etl/adapters/pglite/pglite";
import { openPostgres } from "../../../etl/adapters/postgres/postgres";
import type { Database } from "../../../etl/core/database/database";
import { quoteTable } from "../../../etl/core/load/table-habits";
import type { Checkout } from "./checkout";
import { compareMessages, type MessageDifferences } from "./compare-messages";
import { compareRows, type RowDifferences, readShape, type TableShape } from "./compare-tables";
import { type Place, runSide, type SideRun } from "./run-side";

/** What a change does to the data of one pipeline or feed. */
export interface Comparison {
  readonly name: string;
  /** Why it was compared. */
  readonly by: readonly string[];
  /** Undefined if this side does not have it. */
  readonly base?: SideRun;
  readonly head?: SideRun;
  readonly table?: TableComparison;
  readonly messages?: MessageDifferences;
  /** Rejected rows by reason, before and after. */
  readonly rejected: readonly { readonly reason: string; readonly before: number; readonly after: number }[];
  /** What this version does with the base's tables and their rows. */
  readonly upgrade?: Upgrade;
}

export interface TableComparison {
  readonly name: string;
  readonly formerName?: string;
  readonly key: readonly string[];
  readonly formerKey: readonly string[];
  readonly before?: TableShape;
  readonly after?: TableShape;
  /** Undefined if one of the two tables does not exist. */
  readonly rows?: RowDifferences;
}

export interface Upgrade {
  readonly status: SideRun["status"];
  readonly error?: string;
  /** Rows of the table before it. */
  readonly rows: number;
  /** Whether PostgreSQL wrote all rows anew, under a lock that keeps everybody else out. */
  readonly isRewritten: boolean;
  readonly seconds: number;
}

/** Gives the places of the base's run, of this version's, and of this version's on the base's tables. */
export type Places = (name: string, side: "base" | "head" | "upgrade") => Promise<Place>;

interface Sides {
  readonly base: Checkout;
  readonly head: Checkout;
  /** A folder laid out like `samples/`. */
  readonly raw: string;
  readonly places: Places;
}

/** Runs a pipeline or feed by both sides on the same raw files, and compares what comes out. */
export async function comparePipeline(
  { base, head, raw, places }: Sides,
  { name, by }: { readonly name: string; readonly by: readonly string[] },
): Promise<Comparison> {
  const [old, now] = [placeOfData(base, name), placeOfData(head, name)];
  const [before, after] = [await places(name, "base"), await places(name, "head")];
  const ran = {
    base: old === undefined ? undefined : await runSide(base, name, raw, before),
    head: now === undefined ? undefined : await runSide(head, name, raw, after),
  };
  if (name === "orders") {
    const messages = compareMessages(ran.base?.messages ?? [], ran.head?.messages ?? []);
    return { name, by, ...ran, messages, rejected: pair(ran.base?.rejected, ran.head?.rejected) };
  }
  const data = await compareData(before, after, old, now);
  const { table } = data;
  const differs = table?.before !== undefined && table.after !== undefined && !isSameShape(table.before, table.after);
  if (!differs || old === undefined || now === undefined) return { name, by, ...ran, ...data };
  return { name, by, ...ran, ...data, upgrade: await tryUpgrade({ base, head, raw, places }, name, old.table, before) };
}

async function compareData(before: Place, after: Place, old: Target | undefined, now: Target | undefined) {
  const one = await open(before);
  try {
    const other = await open(after);
    try {
      const table = await compareTable([one.db, other.db], old, now);
      return {
        ...(table !== undefined && { table }),
        rejected: pair(await rejectedRows(one.db), await rejectedRows(other.db)),
      };
    } finally {
      await other.close();
    }
  } finally {
    await one.close();
  }
}

/** Where a feed's row is from: numbers of the ledger. */
const PROVENANCE = ["source_object", "source_offset"];

interface Target {
  readonly table: string;
  readonly key: readonly string[];
  readonly sensitive: readonly string[];
}

function placeOfData({ feeds }: Checkout, name: string): Target | undefined {
  if (name === "covid") return { table: "covid_daily", key: ["date"], sensitive: [] };
  if (name === "orders") return { table: "", key: [], sensitive: [] };
  return feeds.find((feed) => feed.name === name);
}

async function compareTable(
  dbs: readonly [Kysely<never>, Kysely<never>],
  old: Target | undefined,
  now: Target | undefined,
) {
  const last = now ?? old;
  if (last === undefined) return undefined;
  const [was, is] = [(old ?? last).table, last.table];
  const [before, after] = [await readShape(dbs[0], was), await readShape(dbs[1], is)];
  const names = { name: is, ...(was !== is && { formerName: was }), key: last.key, formerKey: (old ?? last).key };
  const sensitive = [...new Set([...(old?.sensitive ?? []), ...(now?.sensitive ?? [])])];
  if (before === undefined || after === undefined) return { ...names, before, after };
  const columns = [...after.columns.keys()].filter(
    (column) => before.columns.has(column) && !PROVENANCE.includes(column),
  );
  const key = [...new Set([...last.key, ...names.formerKey])].filter((column) => columns.includes(column));
  return { ...names, before, after, rows: await compareRows(dbs, [was, is], key, columns, sensitive) };
}

export function isSameShape(one: TableShape, other: TableShape): boolean {
  const text = ({ columns, constraints }: TableShape) => JSON.stringify([[...columns], constraints]);
  return text(one) === text(other);
}

/** This version's run on a copy of the base's tables, with the same raw files: its migration, and what it says if it cannot. */
async function tryUpgrade(
  { base, head, raw, places }: Sides,
  name: string,
  table: string,
  before: Place,
): Promise<Upgrade> {
  const place = await places(name, "upgrade");
  if (place.databaseUrl === undefined)
    cpSync(join(before.folder, ".millrace/db"), join(place.folder, ".millrace/db"), { recursive: true });
  // A schema cannot be copied: the base makes the same one again.
  else await runSide(base, name, raw, place);
  const [node, rows] = await readStorage(place, table);
  const { status, error, seconds } = await runSide(head, name, raw, place);
  const [later] = await readStorage(place, table);
  return { status, ...(error !== undefined && { error }), rows, isRewritten: later !== node, seconds };
}

/** The number of a table's file, which changes when all of it is written anew, and its rows. */
async function readStorage(place: Place, table: string): Promise<readonly [node: string, rows: number]> {
  const database = await open(place);
  try {
    const { rows } = await sql<{ node: string; rows: number }>`
      select relfilenode::text as node, (select count(*)::int from ${sql.raw(quoteTable(table))}) as rows
      from pg_class where oid = to_regclass(${quoteTable(table)})`.execute(database.db);
    return [rows[0]?.node ?? "", rows[0]?.rows ?? 0];
  } finally {
    await database.close();
  }
}

function open({ folder, databaseUrl }: Place): Promise<Database<never>> {
  return databaseUrl === undefined ? openPglite<never>(join(folder, ".millrace/db")) : openPostgres<never>(databaseUrl);
}

async function rejectedRows(db: Kysely<never>): Promise<ReadonlyMap<string, number>> {
  const { rows: known } = await sql`select from pg_class where oid = to_regclass('rejected_row')`.execute(db);
  if (known.length === 0) return new Map();
  const { rows } = await sql<{ reason: string; count: number }>`
    select reason, count(*)::int as count from rejected_row group by reason order by reason`.execute(db);
  return new Map(rows.map(({ reason, count }) => [reason, count]));
}

function pair(before: ReadonlyMap<string, number> = new Map(), after: ReadonlyMap<string, number> = new Map()) {
  const reasons = [...new Set([...before.keys(), ...after.keys()])].sort();
  return reasons
    .map((reason) => ({ reason, before: before.get(reason) ?? 0, after: after.get(reason) ?? 0 }))
    .filter((one) => one.before !== one.after);
}
