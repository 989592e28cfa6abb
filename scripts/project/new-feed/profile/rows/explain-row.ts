import { counted } from "../../../../../etl/core/counted";
import { explainBroken } from "../../../../../etl/core/csv/rows/broken-row";
import type { Row } from "../../../../../etl/core/csv/rows/row";
import { CsvError } from "../../../../../etl/core/errors";
import { describeReading, type Reading } from "../../describe-reading";

/** If a greater share of the lines are no rows, the file is probably not what it was read as. */
const MOST_BROKEN = 0.1;

/** A line that is no row, and why. */
export interface BrokenLine {
  readonly line: number;
  readonly reason: string;
}

/** Why a row is none of the file's; undefined if it is. The reason quotes no value. */
export function explainRow(row: Row, width: number, mayHaveNul: boolean): string | undefined {
  if (row.broken !== undefined) return explainBroken(row.broken, undefined);
  if (row.length !== width) return `got ${counted(row.length, "field")}, expected ${width} as in the first line`;
  return mayHaveNul && hasNul(row) ? "it has a NUL character, which PostgreSQL cannot store" : undefined;
}

/** Whether a row's quotes have lines in them that are split like rows: one of them may be open. */
export function hasRows({ raw }: Row, width: number, delimiter: string): boolean {
  return (
    width > 2 &&
    raw
      .split("\n")
      .slice(1, -1)
      .every((line) => line.split(delimiter).length === width)
  );
}

/** Refuses a row whose quotes are escaped by backslashes: its fields, and perhaps the lines below, were split wrongly. */
export function refuseEscapes({ raw, line }: Row, delimiter: string, source: string): void {
  // A backslash at the end of a quoted field is one of its text.
  const isEscape = (at: number) => ![undefined, '"', "\r", "\n", delimiter].includes(raw[at + 2]);
  let at = raw.indexOf('\\"');
  while (at !== -1 && !isEscape(at)) at = raw.indexOf('\\"', at + 2);
  if (at === -1) return;
  throw new CsvError("This file has quotes after backslashes", {
    got: '\\", which is no escape of CSV',
    expected: '"" for a quote within a quoted field',
    where: { source, line: line + raw.slice(0, at).split("\n").length - 1 },
    fix: 'Ask its maker to write "", or replace each \\" by ""',
  });
}

/** Refuses a file of which too many lines are no rows. */
export function refuseBroken(
  reading: Reading & { readonly broken: number; readonly firstBroken: BrokenLine | undefined },
  source: string,
): void {
  const { rows, broken, firstBroken } = reading;
  if (firstBroken === undefined || broken <= (rows + broken) * MOST_BROKEN) return;
  throw new CsvError("Too many lines of this file are no rows", {
    got: `${counted(broken, "line")}; of the first, the reason is: ${firstBroken.reason}`,
    expected: "at most a tenth",
    where: { source, line: firstBroken.line },
    fix: `Correct the file, or ask its maker. It was read as ${describeReading(reading)}`,
  });
}

function hasNul({ bytes, starts, ends, length }: Row): boolean {
  return bytes.subarray(starts[0], ends[length - 1]).includes(0);
}
