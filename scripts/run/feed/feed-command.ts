import { Command, InvalidArgumentError, Option } from "commander";
import { inputFiles, inputPlace } from "../../command-line/user-path";
import { databaseUrlOption } from "../open-database";
import { refuseFreshServer, toRejectedLimit } from "../run-options";
import { CONTRACT_ARGUMENT } from "./contract/open-contract";
import type { FeedCommandOptions } from "./feed-options";
import { runFeedCommand } from "./run-feed-command";

type Options = Omit<FeedCommandOptions, "contract" | "files">;

/** `etl feed`; calls `setExitCode` at the run's end. */
export function feedCommand(setExitCode: (code: number) => void): Command {
  return new Command("feed")
    .description("Raw CSV objects into the table of their contract: new ones since the last run; the newest wins.")
    .argument("<name-or-path>", CONTRACT_ARGUMENT)
    .argument("[files...]", "only these files", inputFiles)
    .option("--from <folder-or-s3-prefix>", "a folder, or s3://bucket/prefix (default: made-up samples)", inputPlace)
    .addOption(databaseUrlOption("an embedded one"))
    .option("--fresh", "begin with an empty embedded database")
    .option("--workers <n>", "processes that load chunks side by side; the embedded database takes one", wholeNumber, 1)
    .option("--full", "read objects that the ledger has, too")
    .addOption(
      new Option("--max-rejected <n|n%>", "rejected rows that an object may have (default: the contract's)").argParser(
        toRejectedLimit,
      ),
    )
    .option("--verdicts", "write FILE.verdict.json beside each object: its accepted and rejected rows")
    .option("--dry-run", "everything but the commit: the messages and counts that a run would have")
    .option("--json", "standard output is one JSON object, all else goes to standard error")
    .option("--quiet", "no progress")
    .addHelpText("after", EXAMPLES)
    .hook("preAction", (running) => refuseFreshServer(running.opts<Options>()))
    .action(async (contract: string, files: readonly string[], options: Options) => {
      setExitCode(await runFeedCommand({ ...options, contract, files }));
    });
}

const EXAMPLES = `
Examples:
  npm run etl -- feed sales                              the made-up samples
  npm run etl -- feed sales --from incoming --database-url postgres://me@localhost/shop --workers 2
  npm run etl -- feed sales yesterday.csv today.csv.gz
  npm run etl -- feed sales --from s3://bucket/sales/ --full
  npm run etl -- feed ./contract.json --from incoming`;

function wholeNumber(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new InvalidArgumentError("expected a whole number from 1 to 99");
}
