import { formatExact, formatFigure } from "../figure-format";
import type { Excerpt, RadarLine, ReportedRun, TableAfterRun } from "../report-data";
import { formatDuration, formatInstant } from "../time-format";
import { type Html, html } from "./html";
import { renderStatus } from "./run-history";
import { renderInstant } from "./time";

/** What a page knows of its runs, besides the runs themselves. */
export interface RunFacts {
  readonly radar: readonly RadarLine[];
  readonly after: readonly TableAfterRun[];
}

const WARNINGS_SHOWN = 5;

/** Whether there are runs to choose from. */
export function hasSlider({ shown }: Excerpt<ReportedRun>): boolean {
  return shown.length > 1;
}

/** One run at a time, the newest at first; a slider goes through them, from the oldest to the newest. Without scripts it stays at the newest. */
export function renderRunSlider(runs: Excerpt<ReportedRun>, facts: RunFacts): Html | undefined {
  if (!hasSlider(runs)) return undefined;
  const last = runs.shown.length;
  const oldestFirst = [...runs.shown].reverse();
  return html`<section aria-labelledby="run-by-run">
<h2 id="run-by-run">Run by run</h2>
<div class="card">
<div class="slider" hidden><label for="run-slider">Run, from the oldest to the newest</label>
<input type="range" id="run-slider" min="1" max="${last}" value="${last}" step="1" autocomplete="off" aria-controls="run-shown"></div>
<div id="run-shown">${oldestFirst.map((run, index) => renderRun(run, { index, last, ...facts }))}</div></div>
</section>`;
}

interface Place extends RunFacts {
  readonly index: number;
  readonly last: number;
}

function renderRun(run: ReportedRun, { index, last, radar, after }: Place): Html {
  const place = `${index + 1} of ${last}`;
  const kind = run.isUndo === true ? "an undo" : run.isMend === true ? "a mend" : undefined;
  const told = `${formatInstant(run.started)}, ${kind === undefined ? "" : `${kind}, `}${run.status}, ${place}`;
  const figures = after.find((each) => each.run === run.id)?.figures;
  return html`<article data-told="${told}"${index + 1 === last ? undefined : html` hidden`}>
<h3>${renderInstant(run.started)} ${renderStatus(run.status)} <span class="quiet">${kind === undefined ? "" : `${kind} \u00B7 `}${place}</span></h3>
<dl class="run">${[
    renderFact("Rows", [describeCounts(run)]),
    renderFact("Sources", describeSources(run)),
    renderFact("Changed", describeChanges(radar, run)),
    renderFact("Warnings", describeWarnings(run)),
    renderFact("Error", run.error === null ? [] : [run.error]),
    renderFact("The table after it", figures === undefined ? [] : [describeFigures(figures)]),
  ]}</dl>
</article>\n`;
}

function renderFact(title: string, values: readonly string[]): Html | undefined {
  return values.length === 0 ? undefined : html`<dt>${title}</dt>${values.map((value) => html`<dd>${value}</dd>`)}\n`;
}

function describeCounts(run: ReportedRun): string {
  const always = (["inserted", "updated", "unchanged", "rejected"] as const).map((name) => count(name, run[name]));
  const rare = (["superseded", "dropped", "removed"] as const).flatMap((name) => {
    const rows = run[name] ?? 0;
    return rows > 0 ? [count(name, rows)] : [];
  });
  const { started, finished } = run;
  const took = finished === null ? [] : [`in ${formatDuration(finished.getTime() - started.getTime())}`];
  return [...always, ...rare, ...took].join(", ");
}

function count(name: string, rows: number | null): string {
  return `${rows === null ? "\u2013" : formatFigure(rows)} ${name}`;
}

function describeSources({ sources, chunks }: ReportedRun): readonly string[] {
  const read = (sources ?? []).map(
    ({ name, rows, unchanged }) =>
      `${name}: ${formatFigure(rows)} ${rows === 1 ? "row" : "rows"}${unchanged === true ? ", the same content as the last time" : ""}`,
  );
  return chunks === undefined || chunks === null
    ? read
    : [...read, `${formatFigure(chunks.count)} ${chunks.count === 1 ? "chunk" : "chunks"} of objects`];
}

function describeChanges(radar: readonly RadarLine[], run: ReportedRun): readonly string[] {
  return radar
    .filter((line) => line.run === run.id)
    .map(({ table, column, records, oldest, newest, sum }) => {
      const days = oldest === null ? "" : oldest === newest ? `, of ${oldest}` : `, of ${oldest} to ${newest}`;
      return `${table}.${column}: ${formatFigure(records)} ${records === 1 ? "record" : "records"}${days}${sum === null ? "" : `, by ${formatExact(sum)} in all`}`;
    });
}

function describeWarnings({ warnings }: ReportedRun): readonly string[] {
  if (warnings === undefined) return [];
  const shown = warnings.shown.slice(0, WARNINGS_SHOWN);
  const more = warnings.total - shown.length;
  return more > 0 ? [...shown, `and ${formatFigure(more)} more`] : shown;
}

function describeFigures(figures: TableAfterRun["figures"]): string {
  return figures
    .map(({ title, value }) => `${title}: ${value === null ? "unknown" : formatExact(value)}`)
    .join(" \u00B7 ");
}
