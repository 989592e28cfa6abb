import type { Kysely } from "kysely";
import { ConsoleNotifier } from "../../etl/adapters/console-notifier";
import { LiveDatabase } from "../../etl/core/live-database";
import type { Progress } from "../../etl/core/ports";
import { type Pipeline, runPipeline } from "../../etl/core/run-pipeline";
import type { CoreTables } from "../../etl/core/tables";
import { printResult } from "../standard-streams";
import { SilentProgress } from "../terminal/silent-progress";
import { renderSummary, type WrittenReport } from "../terminal/summary";
import { TerminalProgress } from "../terminal/terminal-progress";
import { explainFailure } from "./explain-failure";
import { openDatabase } from "./open-database";
import { failureToJson, toJson } from "./run-json";
import type { RunOptions } from "./run-options";

/** What is particular to a pipeline that runs on this machine. */
export interface LocalRun<Tables extends CoreTables> {
  readonly pipeline: (progress: Progress) => Pipeline<Tables>;
  /** Writes a page for a person, after a failure too. @default none */
  readonly writeReport?: (db: Kysely<Tables>) => Promise<WrittenReport>;
}

/** Runs a pipeline as the command line says and shows how it went. @returns the exit code */
export async function runLocally<Tables extends CoreTables>(
  name: string,
  options: RunOptions,
  { pipeline, writeReport }: LocalRun<Tables>,
): Promise<number> {
  const progress = options.quiet === true ? new SilentProgress() : new TerminalProgress(process.stderr);
  let database: LiveDatabase<Tables> | undefined;
  try {
    database = new LiveDatabase(await openDatabase<Tables>(options));
    const report = await runPipeline(pipeline(progress), {
      database,
      notifier: new ConsoleNotifier(),
      dryRun: options.dryRun,
      onWait: () => console.error(`waiting for another run of ${name} to end`),
      onWarning: warn,
      onNote: (text) => console.error(text),
      retention: options.revisionDays === undefined ? undefined : { revisionDays: options.revisionDays },
    });
    progress.stop();
    const page = await writeReport?.(database.db).catch(cannotWrite);
    await printResult(options.json === true ? toJson(report) : renderSummary(report, page));
    return 0;
  } catch (error) {
    progress.stop();
    if (options.json === true) console.log(failureToJson(name, error));
    if (database !== undefined) await writeReport?.(database.db).catch(cannotWrite);
    return explainFailure(error);
  } finally {
    await database?.close().catch(() => undefined);
  }
}

/** The run is what the ledger says: a page that cannot be written changes nothing. */
function cannotWrite(error: unknown): undefined {
  const [reason] = (error instanceof Error ? error.message : String(error)).split("\n");
  warn(`the report could not be written: ${reason}`);
}

function warn(text: string): void {
  console.error(`warning: ${text}`);
}
