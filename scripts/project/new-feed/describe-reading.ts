import { counted } from "../../../etl/core/counted";

/** How a file was read. */
export interface Reading {
  readonly rows: number;
  readonly width: number;
  readonly packing: string;
  readonly encoding: string;
  readonly header: readonly string[] | undefined;
  readonly delimiter: string;
}

/** `3 rows of 2 fields: utf-8, delimiter ",", with a header`. */
export function describeReading({ rows, width, packing, encoding, header, delimiter }: Reading): string {
  const packed = packing === "none" ? "" : `${packing}, `;
  const form = `${packed}${encoding}, delimiter ${nameOf(delimiter)}, ${header === undefined ? "no header" : "with a header"}`;
  return `${rows.toLocaleString("en-US")} ${rows === 1 ? "row" : "rows"} of ${counted(width, "field")}: ${form}`;
}

/** A delimiter in a message. */
export function nameOf(delimiter: string): string {
  return delimiter === "\t" ? "a tab" : JSON.stringify(delimiter);
}
