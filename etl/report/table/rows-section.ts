import { type Html, html } from "../page/html";
import { renderTable } from "../page/table";
import { formatExact } from "./figures-section";
import type { NewestRows } from "./read-newest-rows";

/** The newest rows, which scroll sideways where there are many columns. */
export function renderNewestRows({ columns, rows, order, leftOut }: NewestRows): Html {
  const isOrdered = order.length > 0;
  const title = isOrdered ? "Newest rows" : "Some rows";
  const shown = columns.map(({ name, isNumber }, index) => ({
    title: name,
    kind: isNumber ? ("number" as const) : ("wide" as const),
    cell: (row: readonly (string | null)[]) => renderValue(row[index] ?? null, isNumber),
  }));
  return html`<section aria-labelledby="rows">
<h2 id="rows">${title} <span class="quiet">${isOrdered ? `by ${order.join(", ")}` : "the table has neither a day nor a key"}</span></h2>
<div class="card scroll">${rows.length === 0 ? html`<p class="quiet">The table has no row.</p>` : renderTable(title, shown, rows)}
${leftOut > 0 ? html`<p class="quiet">${leftOut} more columns are not shown.</p>` : undefined}</div>
</section>`;
}

function renderValue(value: string | null, isNumber: boolean): Html | string {
  if (value === null) return html`<span class="quiet">NULL</span>`;
  return isNumber ? formatExact(value) : value;
}
