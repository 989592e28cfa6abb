import { trailingMean } from "../daily-change";
import { formatExact, formatFigure } from "../figure-format";
import { renderPlots } from "../page/charts";
import { embedJson, type Html, html } from "../page/html";
import { type Column, renderTable } from "../page/table";
import type { Figure, TableByDay } from "./read-by-day";
import type { NewestRows } from "./read-newest-rows";

const DAYS_IN_TABLE = 14;
const WORDS = {
  perDay: "Per day",
  cumulative: "Total",
  hint: "Bars are what the rows of a single day come to, the line over them is the mean of seven days. A day without a bar has no rows.",
};

/** One tile for the number of rows, one for each column of numbers: its sum, the newest day's, and the newest row's value. */
export function renderFigures(table: TableByDay, newest: NewestRows | undefined): Html {
  const day = table.days.at(-1);
  return html`<section aria-labelledby="figures">
<h2 id="figures">Figures${day === undefined ? undefined : html` <span class="quiet">to <time datetime="${day}">${day}</time></span>`}</h2>
<ul class="tiles">${table.figures.map((figure, index) => renderTile(figure, index, day, newest))}</ul>
${table.undated > 0 && table.dayColumn !== undefined ? html`<p class="quiet hint">${formatFigure(table.undated)} ${table.undated === 1 ? "row has" : "rows have"} no day in ${table.dayColumn}; ${table.undated === 1 ? "it counts" : "they count"} from the beginning.</p>` : undefined}
</section>`;
}

/** The charts of rows and numbers by day, and the last days as a table. */
export function renderByDay({ days, figures }: TableByDay): Html {
  const plots = figures.map(({ title, column, total }) => ({
    title: column === undefined ? title : `${title} (sum)`,
    end: total === null ? "unknown" : formatExact(total),
  }));
  const columns: Column<number>[] = [
    { title: "Day", cell: (at) => html`<b>${days[at]}</b>` },
    ...figures.map(({ title, perDay }) => ({
      title,
      kind: "number" as const,
      cell: (at: number) => describe(perDay[at] ?? null),
    })),
  ];
  const last = days.map((_, index) => index).slice(-DAYS_IN_TABLE);
  const table = html`<details class="card"><summary>${last.length === 1 ? "The last day" : `The last ${last.length} days`} as a table</summary>
${renderTable("The last days", columns, last.reverse())}</details>`;
  return renderPlots(days, plots, WORDS, table);
}

/** The data for the chart scripts. */
export function embedByDay({ days, figures }: TableByDay): Html {
  const values = figures.map(({ title, cumulative, perDay }) => ({
    title,
    cumulative,
    perDay,
    mean: trailingMean(perDay, undefined, (mean) => Number(mean.toPrecision(6))),
  }));
  return embedJson({ days, values });
}

function renderTile(
  { title, column, total, perDay }: Figure,
  index: number,
  day: string | undefined,
  newest: NewestRows | undefined,
): Html {
  const figure = total ?? "unknown";
  const notes = [
    day === undefined ? undefined : `${describe(perDay.at(-1) ?? null)} on ${day}`,
    column === undefined ? undefined : describeNewest(column, newest),
  ].filter((note) => note !== undefined);
  return html`<li class="card tile series-${index % 4}"><h3><span class="dot"></span>${title}${column === undefined ? undefined : " (sum)"}</h3>
<p class="figure"><data value="${figure}" data-column="${column ?? ""}">${formatExact(figure)}</data></p>
<p class="quiet">${notes.join(" · ")}</p></li>\n`;
}

function describeNewest(column: string, newest: NewestRows | undefined): string | undefined {
  const at = newest?.columns.findIndex(({ name }) => name === column) ?? -1;
  const row = newest?.rows[0];
  if (at === -1 || row === undefined || newest?.order.length === 0) return undefined;
  const value = row[at] ?? null;
  return `newest row: ${value === null ? "unknown" : formatExact(value)}`;
}

function describe(figure: number | null): string {
  if (figure === null) return "unknown";
  return figure.toLocaleString("en-US", { maximumFractionDigits: 6 }).replace("-", "\u2212");
}
