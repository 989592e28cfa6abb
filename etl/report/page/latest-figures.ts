import { dailyChanges } from "../daily-change";
import type { DailySeries, DailyValue } from "../daily-series";
import { formatChange, formatFigure } from "../figure-format";
import { type Html, html } from "./html";

/** One tile per column: the figure of the newest day and that day's change. */
export function renderLatestFigures({ days, values }: DailySeries): Html {
  const newest = days.at(-1) ?? "";
  return html`<section aria-labelledby="latest">
<h2 id="latest">Latest figures <span class="quiet"><time datetime="${newest}">${newest}</time></span></h2>
<ul class="tiles">${values.map(
    (value, index) => html`<li class="card tile series-${index % 4}"><h3><span class="dot"></span>${value.title}</h3>
${renderFigure(value)}
<p class="quiet">${describeFigure(value, days)}</p></li>\n`,
  )}</ul>
</section>`;
}

function renderFigure({ column, figures }: DailyValue): Html {
  const figure = figures.at(-1) ?? null;
  const text = formatFigure(figure);
  if (figure === null) return html`<p class="figure unknown" data-column="${column}">${text}</p>`;
  return html`<p class="figure"><data value="${figure}" data-column="${column}">${text}</data></p>`;
}

function describeFigure({ figures }: DailyValue, days: readonly string[]): string {
  if ((figures.at(-1) ?? null) !== null) {
    const change = dailyChanges(figures).at(-1) ?? null;
    return change === null ? "change on the day unknown" : `${formatChange(change)} on the day`;
  }
  const known = figures.findLastIndex((figure) => figure !== null);
  return known === -1 ? "never known" : `last known: ${formatFigure(figures[known] ?? null)} on ${days[known]}`;
}
