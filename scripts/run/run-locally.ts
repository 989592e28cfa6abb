import type { Kysely } from "kysely";
import { ownCode } from "../../etl/adapters/files/own-code";
import { ConsoleNotifier } from "../../etl/adapters/terminal/console-notifier";
import { LiveDatabase } from "../../etl/core/database/live-database";
import type { CoreTables } from "../../etl/core/database/tables";
import type { Progress } from "../../etl/core/ports";
import { type Pipeline, runPipeline } from "../../etl/core/runs/run-pipeline";
import type { FeedChecks } from "../../etl/core/watch/feed-checks";
import { printResult } from "../command-line/standard-streams";
import { explainFailure } from "./explain-failure";
import { onStop } from "./on-stop";
import { openDatabase } from "./open-database";
import { failureToJson, stopToJson, toJson } from "./run-json";
import type { RunOptions } from "./run-options";
import { SilentProgress } from "./terminal/silent-progress";
import { renderSummary, type WrittenReport } from "./terminal/summary";
import { TerminalProgress } from "./terminal/terminal-progress";

/** The parts of a local run that differ by pipeline. */
export interface LocalRun<Tables extends CoreTables> {
  readonly pipeline: (progress: Progress) => Pipeline<Tables>;
  /** Writes a page for the user, also after a failure. @default none */
  readonly writeReport?: (db: Kysely<Tables>) => Promise<WrittenReport>;
  /** The checks of the feed. @default those for a daily feed */
  readonly checks?: FeedChecks;
}

/** Runs a pipeline with the command line's options and shows the result. @returns the exit code */
export async function runLocally<Tables extends CoreTables>(
  name: string,
  options: RunOptions,
  { pipeline, writeReport, checks }: LocalRun<Tables>,
): Promise<number> {
  const progress = options.quiet === true ? new SilentProgress() : new TerminalProgress(process.stderr);
  let database: LiveDatabase<Tables> | undefined;
  const warnings: string[] = [];
  const warn = (text: string) => {
    warnings.push(text);
    console.error(`warning: ${text}`);
  };
  /** The ledger decides the run's result: a page that cannot be written does not change it. */
  const writePage = (db: Kysely<Tables>) =>
    writeReport?.(db).catch((error: unknown) => {
      const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
      warn(`the report could not be written: ${reason}`);
      return undefined;
    });
  const awaitsNoStop = onStop(() => {
    progress.stop();
    const text = `Stopped: a run of ${name} is stored either completely or not at all; etl_run shows which. Run the same command again to start over`;
    if (options.json === true) console.log(stopToJson(name, text));
    console.error(text);
  });
  try {
    database = new LiveDatabase(await openDatabase<Tables>(options));
    const done = await runPipeline(pipeline(progress), {
      database,
      notifier: new ConsoleNotifier(),
      dryRun: options.dryRun,
      checks,
      code: ownCode(),
      onWait: () => console.error(`waiting for another run of ${name} to end`),
      onWarning: warn,
      onNote: (text) => console.error(text),
      retention: options.revisionDays === undefined ? undefined : { revisionDays: options.revisionDays },
    });
    awaitsNoStop();
    progress.stop();
    const page = await writePage(database.db);
    await printResult(options.json === true ? toJson(done, warnings) : renderSummary(done, page));
    return 0;
  } catch (error) {
    awaitsNoStop();
    progress.stop();
    if (database !== undefined) await writePage(database.db);
    if (options.json === true) console.log(failureToJson(name, error, warnings));
    return explainFailure(error);
  } finally {
    await database?.close().catch(() => undefined);
  }
}
