import { resolve } from "node:path";
import { Command, Option } from "commander";
import { runCommand } from "./command-line/run-command";
import { printResult } from "./command-line/standard-streams";
import { inputFile } from "./command-line/user-path";
import { makeFeed, type NewFeedOptions } from "./project/new-feed/make-feed";
import { renderReport } from "./project/new-feed/report";
import { TerminalProgress } from "./run/terminal/terminal-progress";

const root = resolve(__dirname, "..");

const command = new Command("npm run new-feed --")
  .description(
    "Makes a feed of a CSV file: reads all of it, writes a contract with a comment for each guess, a made-up sample and a page, " +
      "enters it in the list and in dev's configuration, and loads the file into the embedded database. No value of the file is " +
      "written. Where any of it fails, nothing stays.",
  )
  .argument("<name>", "lower-case words with hyphens between, for example daily-sales")
  .option(
    "--from <file>",
    "a CSV, plain or packed by gzip, zstd or zip (default: made-up rows, to be made yours)",
    inputFile,
  )
  .option(
    "--key <columns>",
    "columns that distinguish all rows, separated by commas (default: found; asked for if there are several)",
    toColumns,
  )
  .option("--schedule <expression>", "when it runs: rate(1 day), or cron() of six fields, in UTC (default: each night)")
  .option(
    "--trigger <s3://prefix>",
    "runs for each new object of the incoming bucket below this prefix, too, for example s3://sales/",
  )
  .addOption(
    new Option("--engine <engine>", "what loads chunks: one function, or many side by side").choices([
      "lambda",
      "distributed-map",
    ]),
  )
  .addHelpText(
    "after",
    `
Examples:
  npm run new-feed -- daily-sales --from ~/Downloads/sales.csv
  npm run new-feed -- meters --from meters.csv.gz --key meter,read_at --trigger s3://meters/
  npm run new-feed -- daily-sales`,
  )
  .action(async (name: string, options: NewFeedOptions) => {
    const made = await makeFeed(root, name, options, () => new TerminalProgress(process.stderr));
    await printResult(renderReport(made, options.from === undefined));
  });

function toColumns(text: string): readonly string[] {
  return text.split(",").map((name) => name.trim());
}

runCommand(command);
