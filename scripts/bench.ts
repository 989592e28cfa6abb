import { cpus, totalmem } from "node:os";
import { Command, InvalidArgumentError } from "commander";
import { compareFeeds, type FeedSizes } from "./project/bench/bench-feed";
import { type Comparison, compareLoads } from "./project/bench/bench-load";
import { compareOrders } from "./project/bench/bench-orders";
import { comparePipelines } from "./project/bench/bench-pipeline";
import { type Bench, withBench } from "./project/bench/bench-server";
import { renderComparisons, renderServerCosts } from "./project/bench/render-comparison";
import { cases, shapes } from "./project/bench/shapes";

const parts = ["load", "pipeline", "orders", "feed"] as const;
type Part = (typeof parts)[number];

interface BenchOptions extends FeedSizes {
  readonly sizes: readonly number[];
  readonly cases: readonly (typeof cases)[number][];
  readonly tables: readonly (keyof typeof shapes)[];
  readonly days: number;
  readonly customers: number;
  readonly only?: Part;
  readonly runs: number;
}

/** Compares loads on a throw-away PostgreSQL, and batches of orders, and prints Markdown: `npm run bench -- --help`. */
async function main(): Promise<void> {
  const program = new Command("npm run bench --")
    .description(
      "Compares loads, feeds and batches with common tools, and with plain psql (the limit), on this machine.",
    )
    .option("--sizes <numbers>", "rows of a load", listOf(wholeNumber), [1_000, 100_000, 1_000_000])
    .option("--cases <names>", cases.join(", "), listOf(oneOf(cases)), [...cases])
    .option("--tables <names>", "series, orders", listOf(oneOf(["series", "orders"])), ["series", "orders"])
    .option("--days <number>", "rows of each file of the whole pipeline", wholeNumber, 1_000_000)
    .option("--customers <number>", "customers of a batch of orders", wholeNumber, 100_000)
    .argument("[part]", "as --only", oneOf(parts))
    .option("--rows <number>", "rows of a feed", wholeNumber, 10_000_000)
    .option(
      "--usual-rows <number>",
      "rows of a feed loaded by common tools, which are too slow for more",
      wholeNumber,
      1_000_000,
    )
    .option("--only <part>", parts.join(", "), oneOf(parts))
    .option("--runs <number>", "measurements of each; the median counts", wholeNumber, 5)
    .parse();
  const { days, runs, customers, rows, usualRows, ...options } = program.opts<BenchOptions>();
  const only: Part | undefined = program.processedArgs[0] ?? options.only;
  const isChosen = (part: Part) => only === undefined || only === part;
  const [cpu] = cpus();
  console.log(`${cpus().length} × ${cpu?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}\n`);
  if (isChosen("orders")) console.log(`${await compareOrders(customers, runs, console.error)}\n`);
  if (only === "orders") return;
  await withBench(console.error, async (bench) => {
    if (isChosen("load")) {
      const comparisons = await compareAll(bench, { ...options, runs });
      console.log(`${renderComparisons(comparisons)}\n\n${renderServerCosts(comparisons)}\n`);
    }
    if (isChosen("pipeline")) console.log(`${await comparePipelines(bench, days, runs)}\n`);
    if (isChosen("feed")) console.log(await compareFeeds(bench, { rows, usualRows }, runs));
  });
}

async function compareAll(
  bench: Bench,
  { sizes, tables, cases, runs }: Pick<BenchOptions, "sizes" | "tables" | "cases" | "runs">,
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
