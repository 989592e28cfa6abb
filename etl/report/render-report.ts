import { embedSeries, renderCharts } from "./page/charts";
import { renderRejections, renderRevisions, renderWarnings } from "./page/findings";
import { type Html, html } from "./page/html";
import { renderLatestFigures } from "./page/latest-figures";
import { renderPage } from "./page/page";
import { renderRadar } from "./page/radar-section";
import { renderRunHistory, renderStatus } from "./page/run-history";
import { hasSlider, renderRunSlider } from "./page/run-slider";
import { renderInstant } from "./page/time";
import type { ReportData } from "./report-data";

/**
 * One self-contained HTML document: no network, opens from the disk, all text from outside escaped.
 *
 * ```ts
 * await writeFile("report.html", renderReport(await readReport(db, { pipeline: "covid", series: covidSeries })));
 * ```
 */
export function renderReport(report: ReportData): string {
  const hasFigures = report.series.days.length > 0;
  return renderPage({
    title: `${report.pipeline} · millrace`,
    series: hasFigures ? embedSeries(report.series) : undefined,
    hasSlider: hasSlider(report.runs),
    body: html`${renderHeader(report)}
<main>
${hasFigures ? [renderLatestFigures(report.series), renderCharts(report.series)] : renderNothingYet(report)}
${report.runs.total === 0 ? undefined : renderLedger(report)}
</main>
<footer class="quiet">Made by millrace on ${renderInstant(report.generated)}.</footer>`,
  });
}

function renderHeader({ pipeline, runs }: ReportData): Html {
  const newest = runs.shown.find(({ isMend }) => isMend !== true);
  const status = newest && html`<p>Newest run ${renderStatus(newest.status)} ${renderInstant(newest.started)}</p>`;
  return html`<header><div><p class="quiet">millrace</p><h1>${pipeline}</h1></div>${status}</header>`;
}

function renderLedger({
  runs,
  warnings,
  radar,
  revisions,
  rejections,
  after,
  shape,
}: ReportData): readonly (Html | undefined)[] {
  return [
    renderRunHistory(runs, shape),
    renderRunSlider(runs, { radar: radar.shown, after }),
    renderWarnings(warnings),
    renderRadar(radar),
    renderRevisions(revisions),
    renderRejections(rejections),
  ];
}

function renderNothingYet({ pipeline, runs }: ReportData): Html {
  const next = runs.total === 0 ? "Run the pipeline once, then reload this page:" : "The runs so far loaded nothing:";
  return html`<section class="card nothing"><h2>No figures yet</h2>
<p>${next}</p><p><code>npm run etl -- ${pipeline}</code></p></section>`;
}
