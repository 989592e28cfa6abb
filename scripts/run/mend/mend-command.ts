import { hostname, userInfo } from "node:os";
import { Command } from "commander";
import type { LiveDatabase } from "../../../etl/core/database/live-database";
import { describeMend } from "../../../etl/core/mend/describe-mend";
import type { FeedTables } from "../../../etl/feeds/ledger/tables";
import { mendFeed } from "../../../etl/feeds/mend/mend-feed";
import { mendCovid } from "../../../etl/pipelines/covid/mend-covid";
import type { CovidTables } from "../../../etl/pipelines/covid/tables";
import { printResult } from "../../command-line/standard-streams";
import { inputFile } from "../../command-line/user-path";
import { explainFailure } from "../explain-failure";
import { databaseUrlOption } from "../open-database";
import { refusalToJson } from "../run-json";
import { WholeRun } from "../terminal/whole-run";
import { openMendFile } from "./mend-file";
import { describeLeft, exitCodeOf, mendToJson } from "./mend-report";
import { mendSubject } from "./subject";

interface MendOptions {
  readonly databaseUrl?: string;
  readonly again?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export const AGAIN = "loads rows again that were mended before: where somebody changed the table since";

/** `etl mend`; calls `setExitCode` with the result. */
export function mendCommand(setExitCode: (code: number) => void): Command {
  return new Command("mend")
    .description(
      "Loads the corrected rows of a file that `rejected` wrote, by the same contract, as a run of its own. A newer row of the source stays, a row that is mended already too.",
    )
    .argument("<name-or-path>", "covid, a feed, or a contract in JSON")
    .argument("<file>", "the corrected CSV", inputFile)
    .addOption(databaseUrlOption())
    .option("--again", AGAIN)
    .option("--dry-run", "everything but the commit: what would be mended")
    .option("--json", "standard output is one JSON object, all else goes to standard error")
    .addHelpText("after", EXAMPLES)
    .action(async (name: string, file: string, options: MendOptions) => {
      setExitCode(await mendHere(name, file, options));
    });
}

const EXAMPLES = `
Rows that are still wrong stay rejected, each with line, value and what was expected; the exit code is then 1.

Examples:
  npm run etl -- mend sales rows.csv --dry-run
  npm run etl -- mend covid rows.csv --database-url postgres://me@localhost/feeds`;

async function mendHere(name: string, path: string, { databaseUrl, again, dryRun = false, json }: MendOptions) {
  try {
    const subject = mendSubject(name);
    const file = await openMendFile(path);
    const whole = new WholeRun({ pipeline: subject.pipeline, done: "mended", dryRun, json });
    const wanted = { file, by: `${userInfo().username}@${hostname()}`, again, onCommit: whole.onCommit };
    const { feed } = subject;
    const report = await (feed === undefined
      ? whole.doIn(databaseUrl, (live: LiveDatabase<CovidTables>) => mendCovid(live, wanted, whole.onWait))
      : whole.doIn(databaseUrl, (live: LiveDatabase<FeedTables>) => mendFeed(live, feed, wanted)));
    const shown = { file: path, pipeline: subject.pipeline, dryRun };
    for (const line of describeLeft(report, shown)) console.error(line);
    await printResult(json === true ? JSON.stringify(mendToJson(report, shown)) : describeMend(report, shown));
    return exitCodeOf(report);
  } catch (error) {
    if (json === true) console.log(refusalToJson(error));
    return explainFailure(error);
  }
}
