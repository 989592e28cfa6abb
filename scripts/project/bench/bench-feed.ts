import { once } from "node:events";
import { createWriteStream, existsSync, mkdirSync, renameSync } from "node:fs";
import { join, resolve } from "node:path";
import { sql } from "kysely";
import Papa from "papaparse";
import { runProgram } from "../../command-line/run-program";
import { makeSales, SALES_HEADER } from "../samples/sales";
import type { Bench } from "./bench-server";
import { loadByPsql } from "./load-psql";
import { type Measurement, median, parseMeasurement } from "./measurement";
import { renderTable } from "./render-comparison";

const variants = ["new", "unchanged"] as const;
type Variant = (typeof variants)[number];

/** The contenders; the usual way takes too long for all rows. */
const contenders = ["one worker", "two workers", "limit", "usual way"] as const;
type Contender = (typeof contenders)[number];

/** The goals: one worker's rows per second as a multiple of another contender's; for two workers, of one worker's. */
const GOALS: Readonly<Record<Variant, Partial<Record<Contender, number>>>> = {
  new: { limit: 0.8, "usual way": 2.2, "two workers": 1.3 },
  unchanged: { limit: 1.5, "usual way": 4 },
};

const PLAIN = {
  key: "sale_id, line",
  columns: ["sold_at", "day", "product", "note", "quantity", "amount", "is_return"],
} as const;
const CREATE = `sale_id bigint not null, line integer not null, sold_at timestamptz not null, day date not null,
  product text not null, note text, quantity integer not null, amount numeric(14,2) not null, is_return boolean not null,
  primary key (sale_id, line)`;

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
  for (const table of ["sales_limit", "sales_usual"]) {
    await sql.raw(`create table ${table} (${CREATE})`).execute(bench.database.db);
  }
  const measured = new Map<string, Measurement[]>();
  for (let run = 0; run < runs; run += 1) {
    for (const contender of run % 2 === 0 ? contenders : contenders.toReversed()) {
      for (const variant of variants) {
        await setUp(bench, contender, variant);
        const rows = contender === "usual way" ? sizes.usualRows : sizes.rows;
        const measurement = await runOne(bench, contender, variant, contender === "usual way" ? usualFolder : folder);
        const expected = variant === "new" ? rows : 0;
        if (contender !== "limit" && measurement.inserted !== expected) {
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
    variants.map((variant) => renderVariant(variant, sizes, measured)),
  );
}

/** The unchanged rows are those that the same contender has just inserted. */
async function setUp({ database: { db } }: Bench, contender: Contender, variant: Variant): Promise<void> {
  if (variant === "new") {
    const used = ["sales", "sales_limit", "sales_usual", "import_chunk", "import_run", "import_object"];
    for (const table of used) {
      const { rows } = await sql`select 1 where to_regclass(${table}) is not null`.execute(db);
      if (rows.length > 0) await sql`truncate ${sql.table(table)} cascade`.execute(db);
    }
  }
  const table = { limit: "sales_limit", "usual way": "sales_usual" }[contender as string];
  if (table !== undefined || variant === "unchanged")
    await sql`vacuum analyze ${sql.table(table ?? "sales")}`.execute(db);
  await sql`checkpoint`.execute(db);
}

async function runOne(bench: Bench, contender: Contender, variant: Variant, folder: string): Promise<Measurement> {
  const { url, psql, python } = bench;
  const file = join(folder, "sales.csv");
  if (contender === "limit") {
    return loadByPsql(psql, url, { ...PLAIN, table: "sales_limit" }, file, "with (format csv, header)");
  }
  if (contender === "usual way") {
    return parseMeasurement((await runProgram(python, [join(__dirname, "feed_pandas.py"), url, file])).stdout);
  }
  const { stdout } = await runProgram(process.execPath, [
    ...["--expose-gc", "--import", "tsx", join(__dirname, "feed-millrace.ts")],
    ...[url, folder, contender === "one worker" ? "1" : "2", variant === "new" ? "new" : "full"],
  ]);
  return parseMeasurement(stdout);
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

const HEADING = [
  ...["import", "one worker, rows/s", "two workers", "limit", "usual way"],
  ...[
    "× limit (goal)",
    "× usual way (goal)",
    "two workers × one (goal)",
    "MiB: one worker, all of its process",
    "usual way, above idle",
  ],
];

function renderVariant(variant: Variant, sizes: FeedSizes, measured: ReadonlyMap<string, readonly Measurement[]>) {
  const middle = (contender: Contender, field: "seconds" | "peakKiB") =>
    median((measured.get(`${variant} ${contender}`) ?? []).map((one) => one[field]));
  const rate = (contender: Contender) =>
    (contender === "usual way" ? sizes.usualRows : sizes.rows) / middle(contender, "seconds");
  const ratio = (contender: Contender) => {
    const value =
      contender === "two workers" ? rate(contender) / rate("one worker") : rate("one worker") / rate(contender);
    const goal = GOALS[variant][contender];
    if (goal === undefined) return value.toFixed(2);
    return `${value.toFixed(2)} (${goal})${value < goal ? " missed" : ""}`;
  };
  return [
    `${sizes.rows.toLocaleString("en")} rows, ${variant}`,
    ...contenders.map((contender) => Math.round(rate(contender)).toLocaleString("en")),
    ...[ratio("limit"), ratio("usual way"), ratio("two workers")],
    ...(["one worker", "usual way"] as const).map((one) => (middle(one, "peakKiB") / 1024).toFixed(0)),
  ];
}
