import { ConsoleNotifier } from "../../etl/adapters/console-notifier";
import type { Database } from "../../etl/core/database";
import type { Progress } from "../../etl/core/ports";
import { runPipeline } from "../../etl/core/run-pipeline";
import type { RunReport } from "../../etl/core/run-report";
import { covidPipeline } from "../../etl/pipelines/covid/pipeline";
import type { CovidTables } from "../../etl/pipelines/covid/tables";
import { SilentProgress } from "../terminal/silent-progress";
import { renderSummary } from "../terminal/summary";
import { TerminalProgress } from "../terminal/terminal-progress";
import type { CovidCommandOptions } from "./covid-options";
import { fetchCovid, LIVE, SAMPLES } from "./covid-sources";
import { explainFailure } from "./explain-failure";
import { openDatabase } from "./open-database";
import { failureToJson, toJson } from "./run-json";
import { writeReport } from "./write-report";

/** Runs `covid` as the command line says and shows how it went. @returns the exit code */
export async function runCovid(options: CovidCommandOptions): Promise<number> {
  const progress = options.quiet === true ? new SilentProgress() : new TerminalProgress(process.stderr);
  let database: Database<CovidTables> | undefined;
  try {
    database = await openDatabase<CovidTables>(options);
    const report = await run(database, options, progress);
    progress.stop();
    const page = await writeReport(database.db);
    console.log(options.json === true ? toJson(report) : renderSummary(report, page));
    return 0;
  } catch (error) {
    progress.stop();
    if (options.json === true) console.log(failureToJson("covid", error));
    if (database !== undefined) await writeReport(database.db).catch(() => undefined);
    return explainFailure(error);
  } finally {
    await database?.close().catch(() => undefined);
  }
}

function run(database: Database<CovidTables>, options: CovidCommandOptions, progress: Progress): Promise<RunReport> {
  const { cases, recoveries, join, maxRejected, dryRun, live } = options;
  const given = cases === undefined || recoveries === undefined ? SAMPLES : { cases, recoveries };
  const locations = live === true ? LIVE : given;
  if (locations === SAMPLES && options.quiet !== true) {
    console.error("These are made-up samples; --live takes the real feeds, --cases and --recoveries your own files");
  }
  const pipeline = covidPipeline({ fetch: () => fetchCovid(locations, progress), join, maxRejected, progress });
  return runPipeline(pipeline, {
    database,
    notifier: new ConsoleNotifier(),
    dryRun,
    onWait: () => console.error("waiting for another run of covid to end"),
  });
}
