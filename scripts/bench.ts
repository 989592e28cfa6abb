import { cpus, totalmem } from "node:os";
import { Command, InvalidArgumentError } from "commander";
import { type Comparison, compareLoads } from "./bench/bench-load";
import { compareOrders } from "./bench/bench-orders";
import { comparePipelines } from "./bench/bench-pipeline";
import { type Bench, withBench } from "./bench/bench-server";
import { renderComparisons, renderServerCosts } from "./bench/render-comparison";
import { cases, shapes } from "./bench/shapes";

interface BenchOptions {
  readonly sizes: readonly number[];
  readonly cases: readonly (typeof cases)[number][];
  readonly tables: readonly (keyof typeof shapes)[];
  readonly days: number;
  readonly customers: number;
  readonly only?: "load" | "pipeline" | "orders";
  readonly runs: number;
}

/** Compares loads on a throw-away PostgreSQL, and batches of orders, and prints Markdown: `npm run bench -- --help`. */
async function main(): Promise<void> {
  const program = new Command("npm run bench --")
    .description("Compares loadRecords with psycopg2's execute_values and with psql's \\copy, on this machine.")
    .option("--sizes <numbers>", "rows of a load", listOf(wholeNumber), [1_000, 100_000, 1_000_000])
    .option("--cases <names>", cases.join(", "), listOf(oneOf(cases)), [...cases])
    .option("--tables <names>", "series, orders", listOf(oneOf(["series", "orders"])), ["series", "orders"])
    .option("--days <number>", "rows of each file of the whole pipeline", wholeNumber, 1_000_000)
    .option("--customers <number>", "customers of a batch of orders", wholeNumber, 100_000)
    .option("--only <part>", "load, pipeline, orders", oneOf(["load", "pipeline", "orders"]))
    .option("--runs <number>", "measurements of each, of which the median counts", wholeNumber, 5)
    .parse();
  const { only, days, runs, customers, ...options } = program.opts<BenchOptions>();
  const [cpu] = cpus();
  console.log(`${cpus().length} × ${cpu?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}\n`);
  if (only === undefined || only === "orders") console.log(`${await compareOrders(customers, runs, console.error)}\n`);
  if (only === "orders") return;
  await withBench(console.error, async (bench) => {
    if (only !== "pipeline") {
      const comparisons = await compareAll(bench, { ...options, runs });
      console.log(`${renderComparisons(comparisons)}\n\n${renderServerCosts(comparisons)}\n`);
    }
    if (only !== "load") console.log(await comparePipelines(bench, days, runs));
  });
}

async function compareAll(
  bench: Bench,
  { sizes, tables, cases, runs }: Omit<BenchOptions, "days" | "only" | "customers">,
): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const table of tables) {
    for (const size of sizes) {
      for (const variant of cases) comparisons.push(await compareLoads(bench, shapes[table], size, variant, runs));
    }
  }
  return comparisons;
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
