import { counted } from "../../core/counted";
import { formatExact } from "../figure-format";
import { type Html, html } from "../page/html";
import { type Column, renderTable } from "../page/table";
import type { ColumnKind } from "./catalogue";
import type { NewestRows } from "./read-newest-rows";

type Row = NewestRows["rows"][number];

const SHOWN_AT_ONCE = 10;
/** A longer text has its own line on a phone. */
const LONG = 40;

/** The newest rows, which scroll sideways if there are many columns; all but the first are folded away. */
export function renderNewestRows({ columns, rows, order, leftOut }: NewestRows): Html {
  const isOrdered = order.length > 0;
  const title = isOrdered ? "Newest rows" : "Some rows";
  const shown = columns.map(({ name, kind }, index) => ({
    title: name,
    kind: kindOf(kind, rows, index),
    cell: (row: Row) => renderValue(row[index] ?? null, kind),
  }));
  const older = rows.slice(SHOWN_AT_ONCE);
  return html`<section aria-labelledby="rows">
<h2 id="rows">${title} <span class="quiet">${isOrdered ? `by ${order.join(", ")}` : "the table has neither a day nor a key"}</span></h2>
<div class="card scroll">${rows.length === 0 ? html`<p class="quiet">The table has no row.</p>` : renderTable(title, shown, rows.slice(0, SHOWN_AT_ONCE))}
${older.length === 0 ? undefined : html`<details><summary>${counted(older.length, "more row")}</summary>${renderTable("More rows", shown, older)}</details>`}
${leftOut > 0 ? html`<p class="quiet">${counted(leftOut, "more column is", "more columns are")} not shown.</p>` : undefined}</div>
</section>`;
}

function kindOf(kind: ColumnKind, rows: readonly Row[], index: number): Column<Row>["kind"] {
  if (kind === "number") return "number";
  return rows.some((row) => (row[index]?.length ?? 0) > LONG) ? "wide" : "text";
}

function renderValue(value: string | null, kind: ColumnKind): Html | string {
  if (value === null) return html`<span class="quiet">NULL</span>`;
  if (kind === "number") return formatExact(value);
  return kind === "other" ? value : html`<time>${value}</time>`;
}
