import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Papa from "papaparse";
import { makeSales, SALES_HEADER, type SalesRange } from "../../../scripts/project/samples/sales";

/** Made-up sales as CSV, one object. */
export function salesCsv(range: SalesRange): string {
  return `${Papa.unparse([SALES_HEADER, ...Array.from(makeSales(range), (row) => [...row])], { newline: "\n" })}\n`;
}

/** Writes made-up sales as files of a folder, by name. */
export function writeSales(folder: string, files: Readonly<Record<string, SalesRange>>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, range] of Object.entries(files)) writeFileSync(join(folder, name), salesCsv(range));
}
