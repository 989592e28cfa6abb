import { Command, InvalidArgumentError, Option } from "commander";
import { refuseFreshServer } from "../run-options";
import { CONTRACT_OPTION } from "./open-contract";
import { type ImportCommandOptions, runImport } from "./run-import";

/** `etl import`; tells `setExitCode` how the run ended. */
export function importCommand(setExitCode: (code: number) => void): Command {
  return new Command("import")
    .description("Raw CSV objects into the table of their contract: what is new since the last run, the newest wins.")
    .option("--contract <name-or-path>", CONTRACT_OPTION, "sales")
    .option("--from <folder-or-s3-prefix>", "a folder, or s3://bucket/prefix (default: made-up samples)")
    .addOption(
      new Option("--database-url <url>", "a PostgreSQL (default: an embedded one in .millrace/)").env("DATABASE_URL"),
    )
    .option("--fresh", "start the embedded database anew")
    .option("--workers <n>", "processes that load chunks side by side; the embedded database takes one", wholeNumber, 1)
    .option("--full", "read again what the ledger has")
    .option("--json", "standard output is one JSON object, all else goes to standard error")
    .option("--quiet", "no progress")
    .addHelpText("after", EXAMPLES)
    .hook("preAction", (running) => refuseFreshServer(running.opts<ImportCommandOptions>()))
    .action(async (options: ImportCommandOptions) => {
      setExitCode(await runImport(options));
    });
}

const EXAMPLES = `
Examples:
  npm run etl -- import                                  the made-up samples
  npm run etl -- import --contract sales --from incoming --database-url postgres://me@localhost/shop --workers 2
  npm run etl -- import --contract sales --from s3://bucket/sales/ --full
  npm run etl -- import --contract ./contract.json --from incoming`;

function wholeNumber(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected a whole number from 1 to 99");
}
