import { appendFileSync, cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { loadConfig } from "../config/load";
import { UsageError } from "../etl/core/errors";
import { explainAwsError } from "./command-line/explain-aws-error";
import { runCommand } from "./command-line/run-command";
import { printResult } from "./command-line/standard-streams";
import { inputFile, inputPlace, userPath } from "./command-line/user-path";
import { readCheckout, withWorktree } from "./deliver/data-plan/checkout";
import { type Comparison, comparePipeline, type Places } from "./deliver/data-plan/compare-pipeline";
import { findTouched } from "./deliver/data-plan/find-touched";
import { DATA_LABEL, judgeData } from "./deliver/data-plan/judge-data";
import { DEPLOYED, downloadDeployed, downloadFolder, parseS3, partsOf } from "./deliver/data-plan/raw-files";
import { renderDataPlan } from "./deliver/data-plan/render";
import { withPlaces } from "./deliver/data-plan/scratch-places";
import { readLabels } from "./deliver/plan-guard/event-labels";
import { COMMENT_LIMIT, cutMarkdown, SUMMARY_LIMIT } from "./deliver/plan-review/render/cut-markdown";
import { connectAws } from "./ops/aws";
import { accountOf } from "./ops/caller";

const root = resolve(__dirname, "..");
const SAMPLES = join(root, "samples");

interface Options {
  readonly base: string;
  readonly pipeline?: readonly string[];
  readonly from: string;
  readonly databaseUrl?: string;
  readonly json?: true;
  readonly summary?: string;
  readonly event?: string;
}

const command = new Command("npm run --silent data-plan --")
  .description(
    "Shows what a change does to the data: runs the pipelines and feeds that it touches twice on the same raw files, by the code of the " +
      "base and by this one, each into an embedded PostgreSQL of its own, and compares tables, messages and rejected rows. Exits with 1 " +
      `if a run fails that the base's does not, or more rows are removed or changed than dataPlan.maxChangedPercent without the label ${DATA_LABEL}.`,
  )
  .option(
    "--base <ref>",
    "the branch or commit to compare with, as it was when this checkout went on from it",
    "origin/main",
  )
  .option(
    "--pipeline <names...>",
    "only these, touched or not (default: those whose code, contract, settings or packages differ)",
  )
  .option(
    "--from <place>",
    `raw files: a folder or s3://BUCKET/PREFIX laid out like samples/, or \`${DEPLOYED}\`: the newest dataPlan.rawObjects of covid and ` +
      "each feed in ENVIRONMENT's buckets, and samples for the rest",
    (place: string) => (place === DEPLOYED ? place : inputPlace(place)),
    SAMPLES,
  )
  .option(
    "--database-url <url>",
    "run in schemas of this PostgreSQL, which are removed afterwards (default: embedded databases)",
  )
  .option("--event <file>", "event of GitHub with the pull request's labels, for example $GITHUB_EVENT_PATH", inputFile)
  .option("--summary <file>", "file to append the full text to, for example $GITHUB_STEP_SUMMARY", userPath)
  .option("--json", "print one JSON object in place of Markdown")
  .addHelpText(
    "after",
    `
Examples:
  npm run --silent data-plan                                     this checkout, committed or not, and origin/main
  npm run --silent data-plan -- --base HEAD~1 --pipeline covid
  npm run --silent data-plan -- --from s3://acme-raw/2026/11 --database-url postgres://localhost/scratch
  npm run --silent data-plan -- --from ~/raw --json | jq '.pipelines[].table.rows'`,
  )
  .action(async (options: Options) => {
    const say = (text: string) => console.error(text);
    const folder = mkdtempSync(join(tmpdir(), "millrace-data-plan-"));
    const { comparisons, untouched } = await rawFiles(options.from, folder, say)
      .then((raw) =>
        withWorktree(root, options.base, say, (base, commit) =>
          withPlaces(folder, options.databaseUrl, (places) =>
            compare([base, commit], { ...options, raw, places }, say),
          ),
        ),
      )
      .finally(() => rmSync(folder, { recursive: true, force: true }));
    const text = renderDataPlan(options.base, comparisons, untouched);
    if (options.summary !== undefined) appendFileSync(options.summary, cut(text, SUMMARY_LIMIT, "a summary"));
    await printResult(options.json === true ? toJson(comparisons, untouched) : cut(text, COMMENT_LIMIT, "a comment"));
    judgeData(comparisons, {
      labels: options.event === undefined ? [] : readLabels(options.event),
      maxChangedPercent: loadConfig().dataPlan.maxChangedPercent,
    });
  });

/** A folder laid out like `samples/`, below the given one if it must be made. */
async function rawFiles(from: string, below: string, say: (text: string) => void): Promise<string> {
  const address = parseS3(from);
  if (address === undefined && from !== DEPLOYED) {
    if (existsSync(from)) return from;
    throw new UsageError("There is no such folder of raw files", { got: from });
  }
  const config = loadConfig();
  const { s3 } = connectAws(config);
  const folder = join(below, "raw");
  const downloaded =
    address === undefined
      ? downloadDeployed(folder, { config, s3, say, account: () => accountOf(config) })
      : downloadFolder(address, folder, { s3, say });
  await downloaded.catch((error: unknown) => {
    throw explainAwsError(error);
  });
  if (address !== undefined) return folder;
  const found = await partsOf(folder);
  const lacking = (await partsOf(SAMPLES)).filter((part) => !found.includes(part));
  for (const part of lacking) cpSync(join(SAMPLES, part), join(folder, part), { recursive: true });
  if (lacking.length > 0) say(`samples: ${lacking.join(", ")}`);
  return folder;
}

interface Work extends Pick<Options, "pipeline"> {
  readonly raw: string;
  readonly places: Places;
}

async function compare(
  [worktree, commit]: readonly [string, string],
  { pipeline, raw, places }: Work,
  say: (text: string) => void,
) {
  const [base, head] = [await readCheckout(worktree), await readCheckout(root)];
  const all = [
    ...new Set(["covid", "orders", ...head.feeds.map(({ name }) => name), ...base.feeds.map(({ name }) => name)]),
  ];
  const unknown = pipeline?.filter((name) => !all.includes(name)) ?? [];
  if (unknown.length > 0) {
    throw new UsageError("There is no such pipeline or feed", { got: unknown.join(", "), expected: all.join(", ") });
  }
  const touched = await findTouched(base, head, commit);
  const wanted =
    pipeline?.map((name) => touched.find((one) => one.name === name) ?? { name, by: ["--pipeline"] }) ?? touched;
  const comparisons: Comparison[] = [];
  for (const one of wanted) {
    say(`${one.name}: ${one.by.length === 1 ? one.by[0] : `${one.by.length} differences`}`);
    comparisons.push(await comparePipeline({ base, head, raw, places }, one));
  }
  const known = new Set([...wanted, ...touched].map(({ name }) => name));
  for (const { name } of touched.filter((one) => !wanted.includes(one))) say(`${name}: touched, but not compared`);
  return { comparisons, untouched: all.filter((name) => !known.has(name)) };
}

/** Without the messages themselves: how they differ is beside them. */
function toJson(comparisons: readonly Comparison[], untouched: readonly string[]): string {
  const write = (name: string, value: unknown) => {
    if (name === "messages" && Array.isArray(value)) return undefined;
    return value instanceof Map ? Object.fromEntries(value) : value;
  };
  return JSON.stringify({ pipelines: comparisons, untouched }, write);
}

function cut(text: string, limit: number, what: string): string {
  const note = `Cut at GitHub's limit for ${what}: the rest is in the job's summary.`;
  return cutMarkdown(`${text}\n`, { limit, measure: (part) => Buffer.byteLength(part), note });
}

runCommand(command);
