import { chmodSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { openPostgres } from "../etl/adapters/postgres";
import { migrate } from "../etl/core/migrate";
import { type Bench, type Comparison, compareLoads } from "./bench/bench-load";
import { renderComparisons, renderServerCosts } from "./bench/render-comparison";
import { cases, shapes } from "./bench/shapes";
import { PostgresServer } from "./cloud/postgres-server";
import { findCloudProgram } from "./cloud/programs";
import { pythonEnvironment } from "./cloud/python-environment";

interface BenchOptions {
  readonly sizes: readonly number[];
  readonly cases: readonly (typeof cases)[number][];
  readonly tables: readonly (keyof typeof shapes)[];
  readonly runs: number;
}

const say = (text: string): void => console.error(text);

/** Compares loads on a throw-away PostgreSQL and prints Markdown: `npm run bench -- --help`. */
async function main(): Promise<void> {
  const program = new Command("npm run bench --")
    .description("Compares loadRecords with psycopg2's execute_values and with psql's \\copy, on this machine.")
    .option("--sizes <numbers>", "rows of a load", listOf(wholeNumber), [1_000, 100_000, 1_000_000])
    .option("--cases <names>", cases.join(", "), listOf(oneOf(cases)), [...cases])
    .option("--tables <names>", "series, orders", listOf(oneOf(["series", "orders"])), ["series", "orders"])
    .option("--runs <number>", "measurements of each, of which the median counts", wholeNumber, 5)
    .parse();
  await withServer(async (bench) => {
    const comparisons = await compareAll(bench, program.opts<BenchOptions>());
    const [cpu] = cpus();
    console.log(`${cpus().length} × ${cpu?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}\n`);
    console.log(`${renderComparisons(comparisons)}\n\n${renderServerCosts(comparisons)}`);
  });
}

async function compareAll(bench: Bench, { sizes, tables, cases, runs }: BenchOptions): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const table of tables) {
    for (const size of sizes) {
      for (const variant of cases) comparisons.push(await compareLoads(bench, shapes[table], size, variant, runs));
    }
  }
  return comparisons;
}

async function withServer(work: (bench: Bench) => Promise<void>): Promise<void> {
  const initdb = found("initdb");
  const requirements = join(__dirname, "bench", "requirements.txt");
  const python = await pythonEnvironment(found("python"), requirements, ".millrace", say);
  const folder = mkdtempSync(join(tmpdir(), "millrace-bench-"));
  chmodSync(folder, 0o755);
  // A checkpoint in the middle of one load would be charged to it alone.
  const server = await PostgresServer.create({
    initdb,
    settings: ["max_wal_size = '8GB'", "checkpoint_timeout = '1h'"],
  });
  try {
    const database = await openPostgres<Record<string, never>>(server.url());
    await migrate(database.db, "bench", {});
    await work({ url: server.url(), database, psql: join(dirname(realpathSync(initdb)), "psql"), python, folder, say });
    await database.close();
  } finally {
    await server.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

function found(name: "initdb" | "python"): string {
  const { path, missing } = findCloudProgram(name);
  if (path === undefined) throw new InvalidArgumentError(`${missing.name} is missing: ${missing.remedy}`);
  return path;
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected a whole number");
}

function oneOf<Name extends string>(names: readonly Name[]): (text: string) => Name {
  return (text) => {
    const name = names.find((known) => known === text);
    if (name === undefined) throw new InvalidArgumentError(`expected ${names.join(", ")}`);
    return name;
  };
}

function listOf<Item>(parse: (text: string) => Item): (text: string) => Item[] {
  return (text) => text.split(",").map(parse);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
