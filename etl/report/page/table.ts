import { type Html, html } from "./html";

/** A column of a table: its title, its style, and its cells. */
export interface Column<Row> {
  readonly title: string;
  /** `number` is right-aligned; `text` may wrap; `wide` has its own line on a phone. @default "text" */
  readonly kind?: "number" | "text" | "wide";
  readonly cell: (row: Row) => Html | string;
}

/**
 * A table that becomes a list of cards on a phone. The roles are explicit because browsers drop those of a table whose
 * display is changed.
 */
export function renderTable<Row>(label: string, columns: readonly Column<Row>[], rows: readonly Row[]): Html {
  return html`<table role="table" aria-label="${label}">
<thead role="rowgroup"><tr role="row">${columns.map(
    ({ title, kind = "text" }) => html`<th role="columnheader" scope="col" class="${kind}">${title}</th>`,
  )}</tr></thead>
<tbody role="rowgroup">${rows.map((row) => html`<tr role="row">${columns.map((column) => renderCell(column, row))}</tr>\n`)}</tbody>
</table>`;
}

function renderCell<Row>({ title, kind = "text", cell }: Column<Row>, row: Row): Html {
  return html`<td role="cell" class="${kind}" data-label="${title}">${cell(row)}</td>`;
}

/** `The newest 100 of 1,234` if not all are shown. */
export function renderExtent({ shown, total }: { shown: readonly unknown[]; total: number }): Html | undefined {
  if (total <= shown.length) return undefined;
  return html`<p class="quiet">The newest ${shown.length} of ${total.toLocaleString("en-US")}.</p>`;
}
