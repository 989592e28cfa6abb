import Papa from "papaparse";
import { amountOf } from "../../etl/core/counted";
import { LIMITS, type StatementResult } from "../../etl/core/database/statement";
import { renderTable } from "../run/terminal/render-table";

/** A result as a table, or in a form for programs. */
export function renderResult(
  { columns, rows, cut }: StatementResult,
  { csv, json }: { readonly csv?: boolean; readonly json?: boolean },
): string {
  if (json === true) return JSON.stringify({ columns, rows, cut });
  if (csv === true) return Papa.unparse({ fields: [...columns], data: rows.map((row) => [...row]) });
  if (columns.length === 0) return "The statement returned no rows";
  const cells = rows.map((row) => row.map((value) => (value === null ? "NULL" : visible(value))));
  const count = amountOf(rows.length, "row");
  return `${renderTable(columns.map(visible), cells)}\n(${count})`;
}

/** The note for a result that was cut. */
export function renderCut({ cut, rows }: StatementResult): string | undefined {
  if (cut === undefined) return undefined;
  const at = { rows: `${LIMITS.rows.toLocaleString("en-US")} rows`, bytes: `${LIMITS.bytes / 1_000_000} MB` }[cut];
  const shown = cut === "bytes" ? `, after ${amountOf(rows.length, "row")}` : "";
  return `cut at ${at}${shown}: there are more. Narrow it (WHERE, LIMIT and OFFSET), or aggregate in the database`;
}

/** Without line breaks and terminal control characters: the rows contain what feeds sent. */
export function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, (sign) => {
    const known: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
    return known[sign] ?? `\\x${sign.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}
