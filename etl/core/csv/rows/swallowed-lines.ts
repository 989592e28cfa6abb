import type { Row } from "./row";

/** A line of a row that begins before it. */
export interface SwallowedLine {
  readonly line: number;
  readonly offset: number;
  readonly raw: string;
}

/**
 * The lines of a malformed row after its first: if a quote is wrong, they are probably rows of their own inside its
 * field. Each counts as a rejected row.
 */
export function* swallowedLines(row: Row): Generator<SwallowedLine> {
  if (row.lines === 1) return;
  const [first = "", ...others] = row.raw.split("\n");
  let { line, offset } = row;
  let before = first;
  for (const raw of others) {
    line += 1;
    offset += Buffer.byteLength(before) + 1;
    before = raw;
    yield { line, offset, raw: raw.replace(/\r$/, "") };
  }
}
