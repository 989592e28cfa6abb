import { readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { Command, Option } from "commander";
import { loadConfig } from "../config/load";
import { scheduleSchema } from "../config/schema/pipelines/schedule";
import { keyPrefix } from "../config/schema/pipelines/trigger";
import { UsageError } from "../etl/core/errors";
import { runCommand } from "./command-line/run-command";
import { type PipelineName, parsePipelineName } from "./project/new-pipeline/pipeline-name";
import { writeImport } from "./project/new-pipeline/write-import";
import { type WrittenPipeline, writePipeline } from "./project/new-pipeline/write-pipeline";
import type { WrittenScaffold } from "./project/new-pipeline/write-scaffold";

interface Options {
  readonly schedule?: string;
  readonly trigger?: string;
  readonly import?: boolean;
}

const root = resolve(__dirname, "..");
const CONTRACTS = "etl/feeds";

const command = new Command("npm run new-pipeline --")
  .description(
    "Writes a pipeline that works at once: CSV objects of the incoming bucket, validated by a contract and upserted " +
      "into a table of its own. What it wrote is yours to change; docs/pipelines/<name>.md says where.",
  )
  .argument("<name>", "in kebab-case, for example daily-sales")
  .option("--schedule <expression>", "when it runs: rate(1 day), or cron() of six fields, in UTC; not with --import")
  .option("--trigger <s3://prefix>", "runs for each new object below this prefix, too, for example s3://sales/")
  .addOption(
    new Option("--import", "writes a contract of the pipeline import instead, for loads of hours").conflicts([
      "schedule",
      "trigger",
    ]),
  )
  .action(async (text: string, options: Options) => {
    const name = parsePipelineName(text, takenNames());
    if (options.import === true) {
      console.log(describeImport(name, await writeImport(root, name)));
      return;
    }
    const plan = {
      ...name,
      schedule: parseSchedule(options.schedule),
      prefix: options.trigger === undefined ? `${name.name}/` : parseTrigger(options.trigger),
      startOnObject: options.trigger !== undefined,
    };
    const written = await writePipeline(root, plan, (said) => console.error(said));
    console.log(describePipeline(name.name, plan.prefix, written));
  });

/** Pipelines with their steps, and contracts of import: each has a table that is called as it is. */
function takenNames(): ReadonlyMap<string, readonly string[]> {
  const taken = new Map<string, readonly string[]>();
  for (const file of readdirSync(join(root, CONTRACTS))) taken.set(basename(file, ".ts"), []);
  for (const [name, { steps }] of Object.entries(loadConfig().pipelines)) taken.set(name, Object.keys(steps));
  return taken;
}

function parseSchedule(expression: string | undefined): string {
  const expected = "rate(N minutes|hours|days) or cron() of six fields, for example cron(30 6 * * ? *)";
  if (expression === undefined) throw new UsageError("--schedule is missing", { got: "none", expected });
  const isPlain = /^[\w(),*?/# -]+$/.test(expression);
  if (isPlain && scheduleSchema(expression).safeParse({ expression }).success) return expression;
  throw new UsageError("--schedule is no expression of EventBridge Scheduler", {
    got: JSON.stringify(expression),
    expected,
  });
}

function parseTrigger(url: string): string {
  const [, prefix] = /^s3:\/\/([\w./=-]+)$/.exec(url) ?? [];
  if (prefix !== undefined && keyPrefix().safeParse(prefix).success) return prefix;
  throw new UsageError("--trigger is no prefix", {
    got: JSON.stringify(url),
    expected: "s3:// and what the keys in the incoming bucket begin with, for example s3://sales/",
  });
}

function list(paths: readonly string[]): string {
  return paths.map((path) => `  ${path}`).join("\n");
}

function describePipeline(name: string, prefix: string, { written, changed, addresses }: WrittenPipeline): string {
  const created = addresses.filter((address) => address.startsWith("etl-database-create ")).length;
  return `Wrote ${name}:
${list(written)}
Changed:
${list(changed)}
It adds ${created} addresses to the etl stack; none of another pipeline goes or changes.

Next:
  npm run etl -- ${name}                        its made-up sample, on this machine
  npm run jest -- test/integration/${name}      its tests; then make its contract yours
  docs/pipelines/${name}.md                     where everything is
Commit it, and once it is deployed:
  aws s3 cp FILE.csv s3://<incoming bucket>/${prefix}
  npm run ops -- start ${name} --wait`;
}

function describeImport({ name, table }: PipelineName, { written, changed }: WrittenScaffold): string {
  return `Wrote the contract ${name} of import, for the table ${table}:
${list(written)}
Changed:
${list(changed)}

Next:
  npm run etl -- feed ${name}
  npm run jest -- test/integration/import-${name}
Then make its columns yours. To deploy it, in config/<environment>.ts:
  feeds: { ${/-/.test(name) ? `"${name}"` : name}: {} }`;
}

runCommand(command);
