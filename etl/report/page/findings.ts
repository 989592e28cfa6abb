import { amountOf } from "../../core/counted";
import type { Excerpt, ReportData, ReportedRejection } from "../report-data";
import { describeKey, type RevisedColumn, revisedColumns } from "../revised-columns";
import { type Html, html } from "./html";
import { type Column, renderExtent, renderTable } from "./table";
import { renderInstant } from "./time";

interface RevisionLine extends RevisedColumn {
  readonly key: string;
  readonly runStarted: Date;
}

/** The most changed columns that a page shows: a record may have many. */
const LINES_LIMIT = 300;

const REVISION_COLUMNS: readonly Column<RevisionLine>[] = [
  { title: "Record", cell: ({ key }) => html`<b>${key}</b>` },
  { title: "Column", cell: ({ column }) => column },
  { title: "Before", kind: "number", cell: ({ before }) => before },
  {
    title: "After",
    kind: "number",
    cell: ({ after }) => html`<span class="arrow" aria-hidden="true">→</span> ${after}`,
  },
  { title: "Found by the run of", cell: ({ runStarted }) => renderInstant(runStarted) },
];

const REJECTION_COLUMNS: readonly Column<ReportedRejection>[] = [
  { title: "Source", cell: ({ source }) => source },
  { title: "Line", kind: "number", cell: ({ line }) => line?.toLocaleString("en-US") ?? "" },
  { title: "Reason", kind: "wide", cell: ({ reason }) => reason },
  { title: "Raw text", kind: "wide", cell: ({ raw }) => html`<code>${raw}</code>` },
  { title: "In the run of", cell: ({ runStarted }) => renderInstant(runStarted) },
];

/** Records whose values a later source changed, one line per column. */
export function renderRevisions(revisions: ReportData["revisions"]): Html {
  const lines = revisions.shown.flatMap(({ key, runStarted, ...images }) =>
    revisedColumns(images).map((column) => ({ ...column, key: describeKey(key), runStarted })),
  );
  const beyond = lines.length - LINES_LIMIT;
  return renderFindings("Revisions", "No record was changed by a later source.", revisions, () => [
    renderTable("Revisions", REVISION_COLUMNS, lines.slice(0, LINES_LIMIT)),
    beyond > 0 ? html`<p class="quiet">${amountOf(beyond, "more change", "more changes")} of these.</p>` : undefined,
  ]);
}

/** Raw rows that broke their contract and are open, and how many others are not. */
export function renderRejections(rejections: ReportData["rejections"]): Html {
  const { total, mended, superseded } = rejections;
  const count = (rows: number) => rows.toLocaleString("en-US");
  const others = `${count(total)} open, ${count(mended)} mended, ${count(superseded)} superseded`;
  const none = mended + superseded === 0 ? "No rejected row." : `No open rejected row: ${others}.`;
  return renderFindings("Rejected rows", none, rejections, ({ shown }) => [
    html`<p class="quiet">${others}.</p>`,
    renderTable("Rejected rows", REJECTION_COLUMNS, shown),
  ]);
}

/** Warnings of the newest run for people. */
export function renderWarnings(warnings: ReportData["warnings"]): Html {
  return renderFindings("Warnings of the newest run", "No warning.", warnings, ({ shown }) => {
    return html`<ul class="warnings">${shown.map((warning) => html`<li>${warning}</li>`)}</ul>`;
  });
}

function renderFindings<Item>(
  title: string,
  none: string,
  items: Excerpt<Item>,
  render: (items: Excerpt<Item>) => Html | readonly (Html | undefined)[],
): Html {
  const id = title.toLowerCase().replaceAll(" ", "-");
  return html`<section aria-labelledby="${id}">
<h2 id="${id}">${title} <span class="quiet">${items.total.toLocaleString("en-US")}</span></h2>
<div class="card">${items.total === 0 ? html`<p class="quiet">${none}</p>` : render(items)}
${renderExtent(items)}</div>
</section>`;
}
