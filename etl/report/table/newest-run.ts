import type { RunShape } from "../../core/prices/run-cost";
import { formatFigure } from "../figure-format";
import { type Html, html } from "../page/html";
import { renderCost } from "../page/run-history";
import { renderInstant } from "../page/time";
import type { ReportedRun } from "../report-data";
import { formatDuration } from "../time-format";
import type { Freshness } from "./read-freshness";

const DAY_MS = 86_400_000;

/** The newest run's figures. */
export function renderNewestRun(run: ReportedRun, shape?: RunShape): Html {
  const { inserted, updated, unchanged, superseded, rejected, started, finished } = run;
  const given = superseded === null || superseded === 0 ? {} : { Superseded: superseded };
  const figures = { Inserted: inserted, Updated: updated, Unchanged: unchanged, ...given, Rejected: rejected };
  const took = finished === null ? "" : ` took ${formatDuration(finished.getTime() - started.getTime())}`;
  const dollars = shape && renderCost(run, shape);
  const cost = dollars === undefined ? "" : `, cost ${dollars} USD`;
  return html`<section aria-labelledby="newest-run">
<h2 id="newest-run">Newest run <span class="quiet">${renderInstant(started)}${took}${cost}</span></h2>
<ul class="tiles">${Object.entries(figures).map(
    ([title, figure]) => html`<li class="card tile"><h3>${title}</h3>
<p class="figure${figure === null ? " unknown" : ""}">${formatFigure(figure)}</p></li>\n`,
  )}</ul>
</section>`;
}

/** The age of the page's data, and the time since the last change. */
export function renderFreshness(
  { succeeded, changed, mended }: Freshness,
  newestDay: string | undefined,
  now: Date,
): Html {
  const facts = [
    ["Last successful run", succeeded],
    ["Last run that changed something", changed],
    ...(mended === null ? [] : [["Last rows that a person mended", mended] as const]),
  ] as const;
  return html`<section aria-labelledby="freshness">
<h2 id="freshness">Freshness</h2>
<div class="card"><ul class="facts">${facts.map(([title, at]) => html`<li>${title}: ${at === null ? "never" : html`${renderInstant(at)}, ${describeAge(at, now)}`}</li>\n`)}
${newestDay === undefined ? undefined : html`<li>Newest day in the table: <time datetime="${newestDay}">${newestDay}</time>, ${describeAge(new Date(`${newestDay}T00:00:00Z`), now)}</li>`}
</ul></div>
</section>`;
}

/** `3 days before this page was made`. */
function describeAge(at: Date, now: Date): string {
  const days = Math.floor((now.getTime() - at.getTime()) / DAY_MS);
  if (days < 0) return "in the future";
  if (days === 0) return "less than a day before this page was made";
  return `${formatFigure(days)} ${days === 1 ? "day" : "days"} before this page was made`;
}
