import { isLostConnection } from "../../../etl/core/database/advice";
import type { Database } from "../../../etl/core/database/database";
import { rehearse } from "../../../etl/core/database/rehearse";
import { RejectedObjectsError } from "../../../etl/core/errors";
import type { Progress } from "../../../etl/core/ports";
import type { FeedTables } from "../../../etl/feeds/ledger/tables";
import { printResult } from "../../command-line/standard-streams";
import { explainFailure } from "../explain-failure";
import { onStop } from "../on-stop";
import { openDatabase } from "../open-database";
import { SilentProgress } from "../terminal/silent-progress";
import { TerminalProgress } from "../terminal/terminal-progress";
import { sourceOf } from "./contract/open-contract";
import { type FeedCommandOptions, refuseContradictions } from "./feed-options";
import { failureToJson, isSummary, type Result, type Results, render, resultToJson, stopToJson } from "./feed-result";
import { samplesOf } from "./open-objects";
import { runFeedHere } from "./run-feed-here";
import { SoFar } from "./so-far";

/** Runs a feed with the command line's options and shows the result. @returns the exit code */
export async function runFeedCommand(options: FeedCommandOptions): Promise<number> {
  const progress = options.quiet === true ? new SilentProgress() : new TerminalProgress(process.stderr);
  const soFar = new SoFar();
  const awaitsNoStop = onStop(() => {
    progress.stop();
    const text = soFar.tellStop(options);
    if (options.json === true) console.log(stopToJson(text, soFar));
    console.error(text);
  });
  let database: Database<FeedTables> | undefined;
  try {
    refuseContradictions(options);
    const { from } = sourceOf(options.contract, options);
    if (from === samplesOf(options.contract) && options.quiet !== true) {
      console.error("These are made-up samples; --from takes your own files");
    }
    database = await openDatabase<FeedTables>(options);
    const results = await (options.dryRun === true ? dryRun : runUntilDone)(database, options, progress, soFar);
    awaitsNoStop();
    progress.stop();
    await printResult(options.json === true ? resultToJson(results, options) : render(results, options));
    return 0;
  } catch (error) {
    awaitsNoStop();
    progress.stop();
    if (database !== undefined && !isLostConnection(error)) await soFar.ask(database);
    if (options.json === true) console.log(failureToJson(error, soFar));
    const warnings = error instanceof RejectedObjectsError ? error.warnings : [];
    for (const warning of warnings) console.error(`Warning: ${warning}`);
    return explainFailure(error);
  } finally {
    await database?.close().catch(() => undefined);
  }
}

async function dryRun(
  database: Database<FeedTables>,
  options: FeedCommandOptions,
  progress: Progress,
  soFar: SoFar,
): Promise<Results> {
  return [await rehearse(database, (rehearsed) => runFeedHere(rehearsed, options, { progress, soFar }))];
}

/** Begins a run; and another one after it if one was requested meanwhile, and so on. */
async function runUntilDone(
  database: Database<FeedTables>,
  options: FeedCommandOptions,
  progress: Progress,
  soFar: SoFar,
): Promise<Results> {
  const again = (told: SoFar) =>
    runFeedHere(database, { ...options, full: false }, { progress, soFar: told, again: true });
  const first = await runFeedHere(database, options, { progress, soFar }).catch(async (error: unknown) => {
    // One bad object does not block the others.
    if (error instanceof RejectedObjectsError) await again(new SoFar());
    throw error;
  });
  const later = [];
  for (let last: Result = first; isSummary(last) && last.again; ) {
    last = await again(soFar);
    if (isSummary(last)) later.push(last);
  }
  return [first, ...later];
}
