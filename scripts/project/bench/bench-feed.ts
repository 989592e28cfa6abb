import { once } from "node:events";
import { createWriteStream, existsSync, mkdirSync, renameSync } from "node:fs";
import { join, resolve } from "node:path";
import { sql } from "kysely";
import Papa from "papaparse";
import * as z from "zod";
import { runProgram } from "../../command-line/run-program";
import { makeSales, SALES_HEADER } from "../samples/sales";
import type { Bench } from "./bench-server";
import { loadByPsql } from "./load-psql";
import { isStagingTool, loadStaged, stagingTools } from "./load-staged";
import { type Measurement, median, parseMeasurement } from "./measurement";
import { renderTable } from "./render-comparison";

const variants = ["new", "unchanged"] as const;
type Variant = (typeof variants)[number];

/** The contenders; the usual way takes too long for all rows. The whole command is one worker with Node's start and the connection. */
const contenders = ["one worker", "two workers", "whole command", ...stagingTools, "limit", "usual way"] as const;
type Contender = (typeof contenders)[number];

/** A goal: how many times as many rows per second as another contender. */
interface Goal {
  readonly of: Contender;
  readonly than: Contender;
  readonly times: Readonly<Partial<Record<Variant, number>>>;
}

const GOALS: readonly Goal[] = [
  { of: "one worker", than: "limit", times: { new: 0.8, unchanged: 1.5 } },
  { of: "one worker", than: "usual way", times: { new: 2.2, unchanged: 4 } },
  { of: "two workers", than: "one worker", times: { new: 1.3 } },
  { of: "whole command", than: "limit", times: { new: 1 / 1.3, unchanged: 1 } },
  { of: "whole command", than: "DuckDB", times: { new: 1, unchanged: 1 } },
  { of: "whole command", than: "ADBC", times: {} },
];

const START = join(__dirname, "../../start.cjs");
const PLAIN = {
  key: "sale_id, line",
  columns: ["sold_at", "day", "product", "note", "quantity", "amount", "is_return"],
} as const;
const CREATE = `sale_id bigint not null, line integer not null, sold_at timestamptz not null, day date not null,
  product text not null, note text, quantity integer not null, amount numeric(14,2) not null, is_return boolean not null,
  primary key (sale_id, line)`;

/** What is not millrace has a table of its own. */
const TABLES: Readonly<Partial<Record<Contender, string>>> = {
  DuckDB: "sales_duckdb",
  ADBC: "sales_adbc",
  limit: "sales_limit",
  "usual way": "sales_usual",
};

/** Sizes in rows. */
export interface FeedSizes {
  readonly rows: number;
  /** For the usual way. */
  readonly usualRows: number;
}

/**
 * Makes each contender load made-up sales, in turn and in separate processes: into an empty table, and again into the
 * full one. @returns Markdown: medians of rows per second, ratios against their goals, memory
 */
export async function compareFeeds(bench: Bench, sizes: FeedSizes, runs: number): Promise<string> {
  const folder = await writeSales(sizes.rows, bench.say);
  const usualFolder = await writeSales(sizes.usualRows, bench.say);
  for (const table of Object.values(TABLES)) {
    await sql.raw(`create table ${table} (${CREATE})`).execute(bench.database.db);
  }
  // Compiled before the clock starts, as it is for all of a user's runs but the first.
  await runProgram(process.execPath, [START, "etl", "--help"]);
  const measured = new Map<string, Measurement[]>();
  for (let run = 0; run < runs; run += 1) {
    for (const contender of run % 2 === 0 ? contenders : contenders.toReversed()) {
      for (const variant of variants) {
        await setUp(bench, contender, variant);
        const rows = contender === "usual way" ? sizes.usualRows : sizes.rows;
        const measurement = await runOne(
          bench,
          contender,
          variant,
          contender === "usual way" ? usualFolder : folder,
          rows,
        );
        const expected = variant === "new" ? rows : 0;
        if (measurement.inserted !== undefined && measurement.inserted !== expected) {
          throw new Error(`${contender} counted ${measurement.inserted} inserts of ${expected}`);
        }
        bench.say(`import, ${rows} rows, ${variant}, ${contender}: ${measurement.seconds.toFixed(1)} s`);
        const name = `${variant} ${contender}`;
        measured.set(name, [...(measured.get(name) ?? []), measurement]);
      }
    }
  }
  return renderTable(
    HEADING,
    variants.flatMap((variant) => renderVariant(variant, sizes, measured)),
  );
}

/** The unchanged rows are those that the same contender has just inserted. */
async function setUp({ database: { db } }: Bench, contender: Contender, variant: Variant): Promise<void> {
  if (variant === "new") {
    const used = ["sales", ...Object.values(TABLES), "import_chunk", "import_run", "import_object"];
    for (const table of used) {
      const { rows } = await sql`select 1 where to_regclass(${table}) is not null`.execute(db);
      if (rows.length > 0) await sql`truncate ${sql.table(table)} cascade`.execute(db);
    }
  }
  const table = TABLES[contender];
  if (table !== undefined || variant === "unchanged")
    await sql`vacuum analyze ${sql.table(table ?? "sales")}`.execute(db);
  await sql`checkpoint`.execute(db);
}

async function runOne(
  bench: Bench,
  contender: Contender,
  variant: Variant,
  folder: string,
  rows: number,
): Promise<Measurement> {
  const { url, psql, python } = bench;
  const file = join(folder, "sales.csv");
  if (isStagingTool(contender)) {
    return loadStaged(bench, contender, { ...PLAIN, table: TABLES[contender] ?? "" }, file, rows);
  }
  if (contender === "whole command") return runCommand(url, folder, variant);
  if (contender === "limit") {
    return loadByPsql(psql, url, { ...PLAIN, table: "sales_limit" }, file, "with (format csv, header)");
  }
  if (contender === "usual way") {
    return parseMeasurement(
      (await runProgram(python, [join(__dirname, "contenders/feed_pandas.py"), url, file])).stdout,
    );
  }
  const { stdout } = await runProgram(process.execPath, [
    ...["--expose-gc", "--import", "tsx", join(__dirname, "contenders/feed-millrace.ts")],
    ...[url, folder, contender === "one worker" ? "1" : "2", variant === "new" ? "new" : "full"],
  ]);
  return parseMeasurement(stdout);
}

/** As a user runs it, but for npm itself, which takes a quarter of a second. */
async function runCommand(url: string, folder: string, variant: Variant): Promise<Measurement> {
  const started = performance.now();
  const { stdout } = await runProgram(process.execPath, [
    ...[START, "etl", "feed", "sales", "--from", folder, "--database-url", url, "--json", "--quiet"],
    ...(variant === "new" ? [] : ["--full"]),
  ]);
  const seconds = (performance.now() - started) / 1000;
  const { inserted } = z.object({ inserted: z.number() }).parse(JSON.parse(stdout));
  return { seconds, peakKiB: Number.NaN, inserted };
}

/** Kept in `.millrace/` between benches: making ten million rows takes a while. @returns the folder */
async function writeSales(rows: number, say: (text: string) => void): Promise<string> {
  const folder = resolve(".millrace", "bench", `sales-${rows}`);
  const path = join(folder, "sales.csv");
  if (existsSync(path)) return folder;
  say(`making ${rows} rows of sales`);
  mkdirSync(folder, { recursive: true });
  const file = createWriteStream(`${folder}.partial`);
  const write = async (part: readonly (readonly string[])[]) => {
    const text = Papa.unparse(
      part.map((row) => [...row]),
      { newline: "\n" },
    );
    if (!file.write(`${text}\n`)) await once(file, "drain");
  };
  await write([SALES_HEADER]);
  const EVERY_SECONDS = 3;
  const PART = 10_000;
  for (let first = 0; first < rows / 2; first += PART / 2) {
    const part = Math.min(PART, rows - first * 2);
    await write(Array.from(makeSales({ first, rows: part, everySeconds: EVERY_SECONDS })));
  }
  file.end();
  await once(file, "finish");
  renameSync(`${folder}.partial`, path);
  return folder;
}

const HEADING = ["import", "contender", "rows/s", "× others (goal)", "MiB"];

/** A row for each contender. Memory: millrace's of all of its process, of the others above idle. */
function renderVariant(
  variant: Variant,
  sizes: FeedSizes,
  measured: ReadonlyMap<string, readonly Measurement[]>,
): readonly (readonly string[])[] {
  const middle = (contender: Contender, field: "seconds" | "peakKiB") =>
    median((measured.get(`${variant} ${contender}`) ?? []).map((one) => one[field]));
  const rate = (contender: Contender) =>
    (contender === "usual way" ? sizes.usualRows : sizes.rows) / middle(contender, "seconds");
  const ratio = ({ of, than, times: { [variant]: goal } }: Goal) => {
    const value = rate(of) / rate(than);
    const judged = goal === undefined ? "" : ` (${goal.toFixed(2)})${value < goal ? " missed" : ""}`;
    return `${than} ${value.toFixed(2)}${judged}`;
  };
  return contenders.map((contender) => [
    `${sizes.rows.toLocaleString("en")} rows, ${variant}`,
    contender,
    Math.round(rate(contender)).toLocaleString("en"),
    GOALS.filter(({ of }) => of === contender)
      .map(ratio)
      .join(", "),
    Number.isNaN(middle(contender, "peakKiB")) ? "" : (middle(contender, "peakKiB") / 1024).toFixed(0),
  ]);
}
