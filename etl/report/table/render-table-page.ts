import { amountOf } from "../../core/counted";
import { renderRejections, renderRevisions, renderWarnings } from "../page/findings";
import { type Html, html } from "../page/html";
import { renderPage } from "../page/page";
import { renderRadar } from "../page/radar-section";
import { renderRunHistory, renderStatus } from "../page/run-history";
import { hasSlider, renderRunSlider } from "../page/run-slider";
import { renderInstant } from "../page/time";
import type { ReportedRun } from "../report-data";
import { embedByDay, renderByDay, renderFigures } from "./figures-section";
import { renderFitting } from "./fit-page";
import { renderFreshness, renderNewestRun } from "./newest-run";
import { renderNewestRows } from "./rows-section";
import type { Section } from "./sections";
import type { TablePage } from "./table-page";

/** The page of a table: one self-contained HTML document of at most 2 MB, all text from outside escaped. */
export function renderTablePage(page: TablePage): string {
  return renderFitting(page, render);
}

function render(page: TablePage): string {
  const { subject, generated } = page;
  const byDay = known(page.byDay);
  return renderPage({
    title: `${subject.title ?? subject.pipeline} · millrace`,
    series: byDay !== undefined && byDay.days.length > 0 ? embedByDay(byDay) : undefined,
    hasSlider: hasRuns(page),
    body: html`${renderHeader(page)}
<main>
${renderRunFigures(page)}
${page.byDay === undefined ? renderNoTable(page) : renderTableParts(page)}
${renderLedger(page)}
</main>
<footer class="quiet">Made by millrace on ${renderInstant(generated)}.</footer>`,
  });
}

function hasRuns({ ledger }: TablePage): boolean {
  const known = ledger !== undefined && "value" in ledger ? ledger.value : undefined;
  return known !== undefined && hasSlider(known.runs);
}

function renderHeader({ subject, ledger }: TablePage): Html {
  const newest = newestRun(ledger);
  return html`<header><div><p class="quiet">millrace</p><h1>${subject.title ?? subject.pipeline}</h1>
<p class="quiet">table <code>${subject.table}</code></p></div>
${newest && html`<p>Newest run ${renderStatus(newest.status)} ${renderInstant(newest.started)}</p>`}</header>`;
}

/** The one that read its sources: what a person mended since is none. */
function newestRun(ledger: TablePage["ledger"]): ReportedRun | undefined {
  return known(ledger)?.runs.shown.find(({ isMend }) => isMend !== true);
}

function renderRunFigures({ ledger, freshness, byDay, generated, shape }: TablePage): readonly (Html | undefined)[] {
  const run = newestRun(ledger);
  if (run === undefined) return [];
  const day = known(byDay)?.days.at(-1);
  return [renderNewestRun(run, shape), renderPart("Freshness", freshness, (at) => renderFreshness(at, day, generated))];
}

function renderTableParts({ byDay, newest, estimatedRows }: TablePage): readonly (Html | undefined)[] {
  const rows = known(newest);
  const guess = estimatedRows === undefined ? "" : ` The table has about ${amountOf(estimatedRows, "row")}.`;
  return [
    renderPart(
      "Figures",
      byDay,
      (table) => [renderFigures(table, rows), table.days.length === 0 ? undefined : renderByDay(table)],
      guess,
    ),
    renderPart("Newest rows", newest, renderNewestRows),
  ];
}

function renderLedger({ ledger, radar, after, shape }: TablePage): Html | undefined {
  return renderPart("Runs", ledger, ({ runs, warnings, revisions, rejections }) =>
    runs.total === 0
      ? undefined
      : [
          renderRunHistory(runs, shape),
          renderRunSlider(runs, { radar: known(radar)?.shown ?? [], after: known(after) ?? [] }),
          renderWarnings(warnings),
          renderPart("Revision radar", radar, renderRadar),
          renderRevisions(revisions),
          renderRejections(rejections),
        ],
  );
}

function renderNoTable({ subject }: TablePage): Html {
  return html`<section class="card nothing"><h2>No table yet</h2>
<p>The first run makes <code>${subject.table}</code>.</p></section>`;
}

/** A part of the page, or why it is missing. */
function renderPart<Value>(
  title: string,
  section: Section<Value> | undefined,
  render: (value: Value) => Html | readonly (Html | undefined)[] | undefined,
  besides = "",
): Html | undefined {
  if (section === undefined) return undefined;
  if ("value" in section) return html`${render(section.value)}`;
  return html`<section><h2>${title}</h2><p class="card quiet">${section.failure}${besides}</p></section>`;
}

function known<Value>(section: Section<Value> | undefined): Value | undefined {
  return section !== undefined && "value" in section ? section.value : undefined;
}
