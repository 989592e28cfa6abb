import { dailyChanges, trailingMean } from "../daily-change";
import { type DailySeries, lastDays } from "../daily-series";
import { formatChange, formatFigure } from "../figure-format";
import { embedJson, type Html, html } from "./html";
import { renderTable } from "./table";

const DAYS_IN_TABLE = 14;

/** The texts of a section of charts. */
export interface ChartWords {
  /** The names of the two kinds of figures. */
  readonly perDay: string;
  readonly cumulative: string;
  /** The meaning of a bar, a line and a gap. */
  readonly hint: string;
}

const WORDS: ChartWords = {
  perDay: "New per day",
  cumulative: "Cumulative",
  hint: "Bars are single days, the line over them is the mean of seven days. A gap means that the figure is unknown.",
};

/** One chart: its title, and the figure at its end. */
export interface Plot {
  readonly title: string;
  readonly end: string;
}

/** The charts' places, their controls, and the last days as a table for people who cannot see charts. */
export function renderCharts(series: DailySeries): Html {
  const plots = series.values.map(({ title, figures }) => ({ title, end: formatFigure(figures.at(-1) ?? null) }));
  return renderPlots(series.days, plots, WORDS, renderLastDays(lastDays(series, DAYS_IN_TABLE + 1)));
}

/** The places of the charts that a page's embedded series are drawn in, in the same order, and `table` below them. */
export function renderPlots(days: readonly string[], plots: readonly Plot[], words: ChartWords, table: Html): Html {
  return html`<section aria-labelledby="over-time">
<h2 id="over-time">Over time</h2>
<div class="controls">
<fieldset class="switch"><legend class="hidden">What the charts show</legend>
<label><input type="radio" name="mode" value="perDay" checked><span>${words.perDay}</span></label>
<label><input type="radio" name="mode" value="cumulative"><span>${words.cumulative}</span></label>
</fieldset>
<div class="switch" role="group" aria-label="Days shown">
<button type="button" data-days="30">30 days</button><button type="button" data-days="90">90 days</button><button type="button" data-days="365">1 year</button><button type="button" data-days="all" aria-pressed="true">All</button>
</div>
</div>
<noscript><p class="card">The charts need JavaScript; the figures are in the table below.</p></noscript>
${plots.map((plot, index) => renderChart(plot, index, days))}
<p class="quiet hint">${words.hint} Drag across a chart to zoom in; double-click it to see everything again.</p>
${table}
</section>`;
}

/** The data for the chart scripts. */
export function embedSeries({ days, values }: DailySeries): Html {
  return embedJson({
    days,
    values: values.map(({ title, figures }) => {
      const perDay = dailyChanges(figures);
      return { title, cumulative: figures, perDay, mean: trailingMean(perDay) };
    }),
  });
}

function renderChart({ title, end }: Plot, index: number, days: readonly string[]): Html {
  const label = `${title} from ${days[0]} to ${days.at(-1)}, in the end ${end}`;
  return html`<figure class="card chart series-${index % 4}">
<figcaption><h3><span class="dot"></span>${title}</h3><span class="readout" id="readout-${index}"></span></figcaption>
<div class="plot" id="plot-${index}" role="img" aria-label="${label}"></div>
</figure>`;
}

function renderLastDays(series: DailySeries): Html {
  const changes = series.values.map(({ figures }) => dailyChanges(figures));
  const rows = series.days.map((_, index) => index).slice(-DAYS_IN_TABLE);
  const columns = series.values.flatMap(({ title, figures }, value) => [
    { title, kind: "number" as const, cell: (row: number) => formatFigure(figures[row] ?? null) },
    {
      title: `New ${title.toLowerCase()}`,
      kind: "number" as const,
      cell: (row: number) => formatChange(changes[value]?.[row] ?? null),
    },
  ]);
  const day = { title: "Day", cell: (row: number) => html`<b>${series.days[row]}</b>` };
  return html`<details class="card"><summary>${rows.length === 1 ? "The last day" : `The last ${rows.length} days`} as a table</summary>
${renderTable("The last days", [day, ...columns], rows.reverse())}</details>`;
}
