import { readRows } from "../../../../../etl/core/csv/rows/read-rows";
import type { Bytes } from "../../../../../etl/core/ports";
import { isTyped } from "./header-votes";

const MOST_ROWS = 500;
const PIECE_BYTES = 65_536;

/** A row of a file's beginning. */
export interface HeadRow {
  /** Its first line. */
  readonly line: number;
  readonly fields: readonly string[];
  readonly isBroken: boolean;
}

/** The beginning of a file, as a delimiter splits it. */
export interface Split {
  readonly delimiter: string;
  /** All but blank lines. */
  readonly rows: readonly HeadRow[];
  /** The number of the first row's fields. */
  readonly width: number;
  /** Shares of rows as wide as the first, and of fields that are numbers or times. */
  readonly alike: number;
  readonly typed: number;
}

/** Splits the beginning of a file as the feeds' reader does, so that a load finds the same rows. */
export async function splitHead(head: Buffer, delimiter: string, source: string): Promise<Split> {
  const rows: HeadRow[] = [];
  const reading = readRows({ bytes: inPieces(head), delimiter, source }, (row) => {
    if (!row.isBlank) rows.push({ line: row.line, fields: row.texts, isBroken: row.broken !== undefined });
  });
  for await (const _ of reading) if (rows.length >= MOST_ROWS) break;
  rows.length = Math.min(rows.length, MOST_ROWS);
  const width = rows[0]?.fields.length ?? 0;
  const fields = rows.slice(1).flatMap((row) => row.fields.filter((field) => field !== ""));
  return {
    ...{ delimiter, rows, width },
    alike: shareOf(rows, (row) => isAlike(row, width)),
    typed: fields.filter(isTyped).length / Math.max(fields.length, 1),
  };
}

export function isAlike({ fields, isBroken }: HeadRow, width: number): boolean {
  return fields.length === width && !isBroken;
}

/** The share of those for which it holds. */
export function shareOf<Item>(all: readonly Item[], holds: (one: Item) => boolean): number {
  return all.filter(holds).length / Math.max(all.length, 1);
}

/** The number of fields that are not empty. */
export function filledOf({ fields }: HeadRow): number {
  return fields.filter((field) => field.trim() !== "").length;
}

async function* inPieces(bytes: Buffer): Bytes {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}
