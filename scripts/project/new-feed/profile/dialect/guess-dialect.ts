import { headerVotes, MOSTLY } from "./header-votes";
import { refuseComments, refuseTitle } from "./lines-above";
import { refuseColumns, refuseLastDelimiter } from "./one-column";
import { refuseOtherFormats } from "./other-formats";
import { type Split, splitHead } from "./split-head";

/** The format of a file's rows. */
export interface Dialect {
  readonly delimiter: string;
  /** Whether its first row has the names of its columns. */
  readonly hasHeader: boolean;
}

const DELIMITERS = [",", ";", "\t", "|", "^", "~", "\u0001", "\u001f"];
/** The line by which Excel knows the delimiter. */
const SEP = /^"?sep=(.?)"?\r?(\n|$)/i;
const MOST_LINES = 500;
/** The share of rows that a delimiter must split like the first one. */
const ALIKE = 0.5;

/**
 * Finds delimiter and header in the beginning of a file.
 *
 * @param head whole lines, in UTF-8
 * @throws CsvError if it is not CSV, or one that no contract can describe
 */
export async function guessDialect(head: Buffer, source: string): Promise<Dialect> {
  const whole = head.toString().replace(/^\uFEFF/, "");
  const delimiters = declared(whole) ?? DELIMITERS;
  // Without Excel's first line, which the reader leaves out; the others keep their numbers.
  const text = whole.replace(SEP, "\n");
  const lines = text.split("\n", MOST_LINES).map((line) => line.replace(/\r$/, ""));
  refuseOtherFormats(text, lines, source);
  const splits = await Promise.all(delimiters.map((delimiter) => splitHead(head, delimiter, source)));
  const [best] = splits.filter(({ width, alike }) => width > 1 && alike >= ALIKE).sort(byLikelihood);
  refuseComments(lines, splits, source);
  refuseTitle(splits, best, source);
  for (const split of best === undefined ? splits : [best]) refuseLastDelimiter(split, source);
  if (best !== undefined) return { delimiter: best.delimiter, hasHeader: isHeader(best) };
  refuseColumns(
    lines.filter((line) => line.trim() !== ""),
    splits,
    source,
  );
  const [only] = splits.sort((one, other) => other.alike - one.alike);
  return { delimiter: only?.delimiter ?? ",", hasHeader: only === undefined || isHeader(only) };
}

/** The delimiter of Excel's first line. */
function declared(text: string): readonly string[] | undefined {
  const [, delimiter = ""] = SEP.exec(text) ?? [];
  return /^\p{ASCII}$/u.test(delimiter) && !/["\\\w]/.test(delimiter) ? [delimiter] : undefined;
}

/** Nearly all rows alike, or more of them; then more numbers and times, then more columns. */
function byLikelihood(one: Split, other: Split): number {
  const alike = (split: Split) => (split.alike >= MOSTLY ? 1 : split.alike);
  return alike(other) - alike(one) || other.typed - one.typed || other.width - one.width;
}

/** A header that is repeated further down says nothing against itself; the value of a single column may appear again. */
function isHeader({ rows, width }: Split): boolean {
  const [first = [], ...others] = rows.map(({ fields }) => fields);
  const isSame = (fields: readonly string[]) =>
    fields.length === width && fields.every((field, at) => field.replace(/^\uFEFF/, "") === first[at]);
  return headerVotes([first, ...(width > 1 ? others.filter((fields) => !isSame(fields)) : others)]) >= 0;
}
