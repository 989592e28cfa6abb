import { appendFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Command } from "commander";
import { loadConfig } from "../config/load";
import { UsageError } from "../etl/core/errors";
import { runCommand } from "./command-line/run-command";
import { printResult } from "./command-line/standard-streams";
import { userPath } from "./command-line/user-path";
import { readCheckout, withWorktree } from "./deliver/data-plan/checkout";
import { type Comparison, comparePipeline } from "./deliver/data-plan/compare-pipeline";
import { findTouched } from "./deliver/data-plan/find-touched";
import { DATA_LABEL, judgeData } from "./deliver/data-plan/judge-data";
import { renderDataPlan } from "./deliver/data-plan/render";
import { readLabels } from "./deliver/plan-guard/event-labels";
import { COMMENT_LIMIT, cutMarkdown, SUMMARY_LIMIT } from "./deliver/plan-review/render/cut-markdown";

const root = resolve(__dirname, "..");

interface Options {
  readonly base: string;
  readonly pipeline?: readonly string[];
  readonly from: string;
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
  .option("--from <folder>", "raw files, in folders as in samples/", userPath, join(root, "samples"))
  .option("--event <file>", "event of GitHub with the pull request's labels, for example $GITHUB_EVENT_PATH", userPath)
  .option("--summary <file>", "file to append the full text to, for example $GITHUB_STEP_SUMMARY", userPath)
  .option("--json", "print one JSON object in place of Markdown")
  .addHelpText(
    "after",
    `
Examples:
  npm run --silent data-plan                                     this checkout, committed or not, and origin/main
  npm run --silent data-plan -- --base HEAD~1 --pipeline covid
  npm run --silent data-plan -- --from ~/raw --json | jq '.pipelines[].table.rows'`,
  )
  .action(async (options: Options) => {
    const say = (text: string) => console.error(text);
    if (!existsSync(options.from)) throw new UsageError("There is no such folder of raw files", { got: options.from });
    const { comparisons, untouched } = await withWorktree(root, options.base, say, (base, commit) =>
      compare(base, commit, options, say),
    );
    const text = renderDataPlan(options.base, comparisons, untouched);
    if (options.summary !== undefined) appendFileSync(options.summary, cut(text, SUMMARY_LIMIT, "a summary"));
    await printResult(options.json === true ? toJson(comparisons, untouched) : cut(text, COMMENT_LIMIT, "a comment"));
    judgeData(comparisons, {
      labels: options.event === undefined ? [] : readLabels(options.event),
      maxChangedPercent: loadConfig().dataPlan.maxChangedPercent,
    });
  });

async function compare(worktree: string, commit: string, { pipeline, from }: Options, say: (text: string) => void) {
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
  const folder = mkdtempSync(join(tmpdir(), "millrace-data-plan-"));
  const places = async (name: string, side: string) => {
    const place = join(folder, name, side);
    mkdirSync(place, { recursive: true });
    return { folder: place };
  };
  try {
    const comparisons: Comparison[] = [];
    for (const one of wanted) {
      say(`${one.name}: ${one.by.length === 1 ? one.by[0] : `${one.by.length} differences`}`);
      comparisons.push(await comparePipeline({ base, head, raw: from, places }, one));
    }
    const compared = new Set(wanted.map(({ name }) => name));
    return { comparisons, untouched: all.filter((name) => !compared.has(name)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
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
