import { counted } from "../../core/counted";
import { describeRunCost, type RunShape, runCost } from "../../core/prices/run-cost";
import { formatFigure } from "../figure-format";
import type { Excerpt, ReportedRun } from "../report-data";
import { formatDuration } from "../time-format";
import { type Html, html } from "./html";
import { type Column, renderExtent, renderTable } from "./table";
import { renderInstant } from "./time";

const SHOWN_AT_ONCE = 10;

const STATUS_TEXT: Readonly<Record<ReportedRun["status"], string>> = {
  running: "running",
  succeeded: "succeeded",
  failed: "failed",
  "dry-run": "dry run",
};

const COLUMNS: readonly Column<ReportedRun>[] = [
  { title: "Status", cell: ({ status, ...run }) => html`${renderStatus(status)}${whatElse(run)}` },
  { title: "Started", cell: ({ started }) => renderInstant(started) },
  { title: "Duration", kind: "number", cell: renderDuration },
  { title: "Inserted", kind: "number", cell: ({ inserted }) => renderCount(inserted) },
  { title: "Updated", kind: "number", cell: ({ updated }) => renderCount(updated) },
  { title: "Unchanged", kind: "number", cell: ({ unchanged }) => renderCount(unchanged) },
  { title: "Rejected", kind: "number", cell: ({ rejected }) => renderCount(rejected) },
];
/** Columns that are shown if a run has any. */
const RARE = (
  [
    ["superseded", "Superseded"],
    ["dropped", "Dropped"],
    ["removed", "Removed"],
  ] as const
).map(([name, title]) => {
  const column: Column<ReportedRun> = { title, kind: "number", cell: (run) => renderCount(run[name] ?? null) };
  return { name, column };
});
const ERROR: Column<ReportedRun> = { title: "Error", kind: "wide", cell: ({ error }) => error ?? "" };

function whatElse({ isMend, isUndo }: Pick<ReportedRun, "isMend" | "isUndo">): string {
  if (isUndo === true) return " (undo)";
  return isMend === true ? " (mend)" : "";
}

/**
 * The newest runs with their counts; the older ones are folded away.
 *
 * @param shape how the pipeline runs on AWS; default: costs are not shown
 */
export function renderRunHistory(runs: Excerpt<ReportedRun>, shape?: RunShape): Html {
  const older = runs.shown.slice(SHOWN_AT_ONCE);
  const rare = RARE.filter(({ name }) => runs.shown.some((run) => (run[name] ?? 0) > 0));
  const cost: readonly Column<ReportedRun>[] =
    shape === undefined ? [] : [{ title: "USD", kind: "number", cell: (run) => renderCost(run, shape) ?? "\u2013" }];
  const columns = [...COLUMNS, ...rare.map(({ column }) => column), ...cost, ERROR];
  return html`<section aria-labelledby="runs">
<h2 id="runs">Run history</h2>
<div class="card">${renderTable("Newest runs", columns, runs.shown.slice(0, SHOWN_AT_ONCE))}
${older.length === 0 ? undefined : html`<details><summary>${counted(older.length, "older run")}</summary>${renderTable("Older runs", columns, older)}</details>`}
${renderExtent(runs)}
${shape && html`<p class="quiet">${describeRunCost(shape)}</p>`}</div>
</section>`;
}

/** What a run cost, in US dollars; undefined if that is not known, or nobody was to read a source. */
export function renderCost(run: ReportedRun, shape: RunShape): string | undefined {
  const dollars = run.isMend === true ? undefined : runCost(run, shape);
  if (dollars === undefined) return undefined;
  return dollars < 0.0001 ? "< 0.0001" : dollars.toFixed(4);
}

/** A run's result, as word and colour. */
export function renderStatus(status: ReportedRun["status"]): Html {
  return html`<span class="status ${status}">${STATUS_TEXT[status]}</span>`;
}

function renderCount(count: number | null): string {
  return count === null ? "\u2013" : formatFigure(count);
}

function renderDuration({ started, finished }: ReportedRun): string {
  return finished === null ? "\u2013" : formatDuration(finished.getTime() - started.getTime());
}
