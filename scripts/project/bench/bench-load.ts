import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { sql } from "kysely";
import { encodeCopyText } from "../../../etl/core/load/copy-text";
import { runProgram } from "../../command-line/run-program";
import type { Bench } from "./bench-server";
import { loadByPsql } from "./load-psql";
import { isStagingTool, loadStaged, stagingTools } from "./load-staged";
import { type Measurement, parseMeasurement } from "./measurement";
import { type Case, makeBatches, makeKeys, type Shape, warmUpTable } from "./shapes";

export const contenders = ["millrace", "millrace, revisions kept", "psycopg2", ...stagingTools, "limit"] as const;
export type Contender = (typeof contenders)[number];

/** A load's writes on the server. */
export interface ServerCost {
  readonly walBytes: number;
  readonly deadRows: number;
}

/** All measurements of one shape, size and case. */
export interface Comparison {
  readonly shape: Shape;
  readonly size: number;
  readonly variant: Case;
  readonly measured: ReadonlyMap<Contender, readonly Measurement[]>;
  /** From one more load each, without the warm-up; only if all records equal the table's. */
  readonly costs: ReadonlyMap<Contender, ServerCost>;
}

/** Makes the contenders load in turn, `runs` times, each into a new table, in separate processes. */
export async function compareLoads(
  bench: Bench,
  shape: Shape,
  size: number,
  variant: Case,
  runs: number,
): Promise<Comparison> {
  const base = await writeRows(bench, shape, size, false);
  const file = variant === "tenth" ? await writeRows(bench, shape, size, true) : base;
  await keepBase(bench, shape, base);
  const costs = new Map<Contender, ServerCost>();
  for (const name of variant === "unchanged" ? contenders : []) {
    await setUp(bench, shape, variant);
    const before = await walPosition(bench);
    await load(bench, name, { shape, size, variant, file, warmUp: false });
    costs.set(name, await costSince(bench, before, shape));
  }
  const measured = new Map(contenders.map((name) => [name, [] as Measurement[]]));
  for (let run = 0; run < runs; run += 1) {
    for (const name of rotate(contenders, run)) {
      await setUp(bench, shape, variant);
      const measurement = await load(bench, name, { shape, size, variant, file, warmUp: true });
      bench.say(`${shape.title}, ${size}, ${variant}, ${name}: ${measurement.seconds.toFixed(2)} s`);
      measured.get(name)?.push(measurement);
    }
  }
  return { shape, size, variant, measured, costs };
}

/** Each is first in turn, so that none always has the warmest machine. */
function rotate<Item>(items: readonly Item[], by: number): readonly Item[] {
  const first = by % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

async function writeRows(bench: Bench, shape: Shape, size: number, tenth: boolean): Promise<string> {
  const file = join(bench.folder, `${shape.table}-${size}${tenth ? "-tenth" : ""}.txt`);
  const batches = makeBatches(shape, makeKeys(shape, size), tenth);
  await pipeline(
    encodeCopyText(batches, [shape.key, ...shape.columns], () => undefined),
    createWriteStream(file),
  );
  return file;
}

async function keepBase({ database: { db }, psql, url }: Bench, shape: Shape, file: string): Promise<void> {
  const base = `${shape.table}_base`;
  const warmUp = sql.table(warmUpTable(shape));
  await sql`drop table if exists ${sql.table(shape.table)}, ${sql.table(base)}, ${warmUp}`.execute(db);
  await sql.raw(shape.create).execute(db);
  await sql`create table ${sql.table(base)} (like ${sql.table(shape.table)})`.execute(db);
  await sql`create table ${warmUp} (like ${sql.table(shape.table)} including all)`.execute(db);
  await runProgram(psql, ["--no-psqlrc", "--quiet", `--command=\\copy ${base} from '${file}'`, url]);
  // Otherwise autovacuum does, and its WAL is charged to the contender loading at that moment.
  await sql`vacuum ${sql.table(base)}`.execute(db);
}

async function setUp({ database: { db } }: Bench, shape: Shape, variant: Case): Promise<void> {
  const table = sql.table(shape.table);
  await sql`truncate ${table}, ${sql.table(warmUpTable(shape))}, revision`.execute(db);
  if (variant !== "new") await sql`insert into ${table} select * from ${sql.table(`${shape.table}_base`)}`.execute(db);
  await sql`vacuum analyze ${table}`.execute(db);
  await sql`checkpoint`.execute(db);
}

interface OneLoad {
  readonly shape: Shape;
  readonly size: number;
  readonly variant: Case;
  readonly file: string;
  readonly warmUp: boolean;
}

async function load(bench: Bench, contender: Contender, one: OneLoad): Promise<Measurement> {
  const { url, psql, python } = bench;
  const { shape, size, variant, file } = one;
  if (isStagingTool(contender)) return loadStaged(bench, contender, shape, file, size);
  if (contender === "limit") return loadByPsql(psql, url, shape, file);
  const warmUp = one.warmUp ? "warm" : "cold";
  const { stdout } =
    contender === "psycopg2"
      ? await runProgram(python, [
          join(__dirname, "contenders/load_psycopg2.py"),
          ...[url, shape.table, shape.key, shape.columns.join(), file, warmUp],
        ])
      : await runProgram(process.execPath, [
          ...["--expose-gc", "--import", "tsx", join(__dirname, "contenders/load-millrace.ts")],
          ...[url, shape.table, String(size), variant, warmUp, contender === "millrace" ? "off" : "on"],
        ]);
  const measurement = parseMeasurement(stdout);
  const expected = { new: [size, 0], unchanged: [0, 0], tenth: [0, Math.ceil(size / 10)] }[variant];
  if (measurement.inserted !== expected[0] || measurement.updated !== expected[1]) {
    throw new Error(`${contender} counted ${measurement.inserted} inserts and ${measurement.updated} updates`);
  }
  return measurement;
}

async function walPosition({ database: { db } }: Bench): Promise<string> {
  const { rows } = await sql<{ position: string }>`select pg_current_wal_lsn()::text as position`.execute(db);
  return rows[0]?.position ?? "0/0";
}

async function costSince({ database: { db } }: Bench, position: string, shape: Shape): Promise<ServerCost> {
  const { rows } = await sql<ServerCost>`
    select pg_wal_lsn_diff(pg_current_wal_lsn(), ${position}::pg_lsn)::int8 as "walBytes",
      pg_stat_get_dead_tuples(${shape.table}::regclass) as "deadRows"`.execute(db);
  return rows[0] ?? { walBytes: Number.NaN, deadRows: Number.NaN };
}
