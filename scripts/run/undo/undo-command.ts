import { hostname, userInfo } from "node:os";
import { Command } from "commander";
import type { LiveDatabase } from "../../../etl/core/database/live-database";
import { UsageError } from "../../../etl/core/errors";
import type { FeedTables } from "../../../etl/feeds/ledger/tables";
import { undoFeed } from "../../../etl/feeds/undo/undo-feed";
import type { CovidTables } from "../../../etl/pipelines/covid/tables";
import { undoCovid } from "../../../etl/pipelines/covid/undo-covid";
import { printResult } from "../../command-line/standard-streams";
import { inputFolder } from "../../command-line/user-path";
import { explainFailure } from "../explain-failure";
import { databaseUrlOption } from "../open-database";
import { undoOrdersHere } from "../orders/undo-orders";
import { refusalToJson } from "../run-json";
import { WholeRun } from "../terminal/whole-run";
import { historySubject } from "./subject";
import { describeConflicts, exitCodeOf, renderUndo, undoToJson } from "./undo-report";

interface UndoOptions {
  readonly databaseUrl?: string;
  readonly dryRun?: boolean;
  readonly skipConflicts?: boolean;
  readonly cascade?: boolean;
  readonly json?: boolean;
  readonly folder?: string;
}

/** `etl undo`; calls `setExitCode` with the result. */
export function undoCommand(setExitCode: (code: number) => void): Command {
  return new Command("undo")
    .description(
      "Undoes what a run did to its table, as a run of its own: changed rows get their values back, inserted rows are removed. " +
        "Of orders: customers whom a send of a batch changed get their message from before it again, on standard output. " +
        "A row or customer that was changed since is a conflict: then nothing is done.",
    )
    .argument("<name-or-path>", "covid, a feed, a contract in JSON, or orders")
    .argument("<run>", "how the run's id begins; of orders a batch, 20230828, or one of its sends, 20230828@2")
    .addOption(databaseUrlOption())
    .option("--dry-run", "everything but the commit: what would be undone")
    .option("--skip-conflicts", "leave rows and customers that were changed since as they are")
    .option("--cascade", "undo the runs or sends after it, too")
    .option("--folder <folder>", "of orders: the folder with its files (default: made-up samples)", inputFolder)
    .option("--json", "standard output is one JSON object, all else goes to standard error")
    .addHelpText("after", EXAMPLES)
    .action(async (name: string, run: string, options: UndoOptions) => {
      setExitCode(await undoHere(name, run, options));
    });
}

const EXAMPLES = `
An undo is a run: undo it, and the table is as it was before. With conflicts and neither option the exit code is 1.

Examples:
  npm run etl -- undo covid 3f2a --dry-run
  npm run etl -- undo orders 20230828 --folder incoming --dry-run
  npm run etl -- undo sales 3f2a81c0 --cascade --database-url postgres://me@localhost/feeds`;

async function undoHere(name: string, run: string, options: UndoOptions): Promise<number> {
  const { databaseUrl, dryRun = false, skipConflicts = false, cascade = false, json, folder } = options;
  try {
    if (name === "orders") {
      if (json === true) throw new UsageError("Standard output has the messages of orders, and no place for --json");
      return await undoOrdersHere(run, { folder, dryRun, skipConflicts, cascade });
    }
    const subject = historySubject(name, ["orders"]);
    const whole = new WholeRun({ pipeline: subject.pipeline, done: "undone", dryRun, json });
    const wanted = {
      run,
      skipConflicts,
      isCascade: cascade,
      by: `${userInfo().username}@${hostname()}`,
      onCommit: whole.onCommit,
    };
    const { feed } = subject;
    const report = await (feed === undefined
      ? whole.doIn(databaseUrl, (live: LiveDatabase<CovidTables>) => undoCovid(live, wanted, whole.onWait))
      : whole.doIn(databaseUrl, (live: LiveDatabase<FeedTables>) => undoFeed(live, feed, wanted)));
    const shown = { pipeline: subject.pipeline, dryRun, skipConflicts, cascade };
    for (const line of describeConflicts(report)) console.error(line);
    await printResult(json === true ? JSON.stringify(undoToJson(report, shown)) : renderUndo(report, shown));
    return exitCodeOf(report, shown);
  } catch (error) {
    if (json === true) console.log(refusalToJson(error));
    return explainFailure(error);
  }
}
