import Papa from "papaparse";
import type { RejectedRow } from "../../core/csv/rejected-row";
import { defuse } from "../../core/mend/formulas";

/** Rejected rows as a CSV without formulas. */
export function toCsv(rows: readonly RejectedRow[]): string {
  const data = rows.map(({ line, reason, raw }) => [String(line ?? ""), reason, raw].map(defuse));
  return `${Papa.unparse({ fields: ["line", "reason", "row"], data }, { newline: "\r\n" })}\r\n`;
}
