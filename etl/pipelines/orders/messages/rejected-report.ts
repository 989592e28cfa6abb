import Papa from "papaparse";
import type { RejectedRow } from "../../../core/csv/rejected-row";
import type { ObjectStore } from "../../../core/objects/objects";
import type { SeenFiles } from "../ledger/seen-files";

/** Where a batch's rejected rows lie. */
export function rejectedKey(batch: string, name: "rows.csv" | "summary.json"): string {
  return `rejected/${batch}/${name}`;
}

/** Writes a batch's rejected rows as CSV and a summary beside them, in place of those of earlier files. */
export async function writeRejected(
  batch: string,
  files: SeenFiles,
  rows: readonly RejectedRow[],
  objects: Pick<ObjectStore, "put">,
): Promise<void> {
  const fields = ["source", "line", "reason", "raw"];
  const csv = Papa.unparse({ fields, data: rows.map(({ source, line, reason, raw }) => [source, line, reason, raw]) });
  const summary = { batch, rejected: rows.length, files: Object.values(files).map((file) => withCount(file, rows)) };
  await objects.put(rejectedKey(batch, "rows.csv"), `${csv}\r\n`, "text/csv; charset=utf-8");
  await objects.put(rejectedKey(batch, "summary.json"), `${JSON.stringify(summary, null, 2)}\n`, "application/json");
}

function withCount<File extends { readonly key: string }>(file: File, rows: readonly RejectedRow[]) {
  return { ...file, rejected: rows.filter(({ source }) => source === file.key).length };
}
