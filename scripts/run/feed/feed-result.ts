import { amountOf, counted } from "../../../etl/core/counted";
import { RejectedObjectsError } from "../../../etl/core/errors";
import type { FeedSummary, NoRun } from "../../../etl/feeds/run/events";
import { failureOf } from "../run-json";
import type { FeedCommandOptions } from "./feed-options";
import type { SoFar } from "./so-far";

/** The outcome of a run, or why there was none. */
export type Result = FeedSummary | NoRun;

/** The first run, and those requested meanwhile. */
export type Results = readonly [Result, ...FeedSummary[]];

export function isSummary(result: Result): result is FeedSummary {
  return !("waitsFor" in result);
}

/** Output of `--json` for a successful run. */
export function resultToJson([first, ...later]: Results, { dryRun = false }: FeedCommandOptions): string {
  const ended = dryRun ? "dry-run" : "succeeded";
  const status = isSummary(first) ? ended : "waits";
  return JSON.stringify({ status, ...first, ...(later.length > 0 && { later }) });
}

/** Output of `--json` for a run that failed, or could not even begin (then it has no id): its work up to then. */
export function failureToJson(error: unknown, { runId, counts, chunks }: SoFar): string {
  const warnings = error instanceof RejectedObjectsError ? error.warnings : [];
  return JSON.stringify({ status: "failed", runId, ...counts, chunks, warnings, ...failureOf(error) });
}

/** Output of `--json` for a stopped run. */
export function stopToJson(text: string, { runId, counts, chunks }: SoFar): string {
  const status = "interrupted";
  return JSON.stringify({ status, kind: status, runId, ...counts, chunks, warnings: [], error: text });
}

export function render(results: readonly Result[], { dryRun = false }: FeedCommandOptions): string {
  const texts = results.map((result) => (isSummary(result) ? renderSummary(result) : result.text));
  return [...(dryRun ? ["Dry run: nothing was kept."] : []), ...texts].join("\n");
}

function renderSummary(summary: FeedSummary): string {
  const { text, unchanged, superseded, rejected, rows, objects, chunks, seconds, warnings } = summary;
  const warned = warnings.map((warning) => `Warning: ${warning}`);
  if (chunks === 0) return [text, ...warned].join("\n");
  const rate = Math.round(rows / Math.max(seconds, 0.001)).toLocaleString("en-US");
  return [
    `${text} (${unchanged} unchanged, ${superseded} superseded by newer rows, ${rejected} rejected)`,
    `${amountOf(rows, "row")} of ${counted(objects, "object")} in ${counted(chunks, "chunk")}, ${seconds.toFixed(1)} s, ${rate} rows/s`,
    ...warned,
  ].join("\n");
}
