import type { RejectedRow } from "../../core/csv/rejected-row";

/** Rejected rows as a CSV of one line each. */
export function toCsv(rows: readonly RejectedRow[]): string {
  const lines = rows.map(({ line, reason, raw }) => [String(line ?? ""), reason, raw].map(quote).join(","));
  return `${["line,reason,row", ...lines].join("\r\n")}\r\n`;
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
