import Papa from "papaparse";
import { adviseOnHeader } from "../../../../etl/core/csv/advise-on-header";
import { CsvError } from "../../../../etl/core/errors";

/** The format of a file's rows. */
export interface Dialect {
  readonly delimiter: string;
  /** Whether its first row has the names of its columns. */
  readonly hasHeader: boolean;
}

const DELIMITERS = [",", ";", "\t", "|", "^", "~", "\u0001", "\u001f"];
/** Delimiters that no contract allows. */
const OTHERS = /[^\p{ASCII}\p{L}\p{N}\s\uFFFD]/gu;
const MOST_ROWS = 500;
/** The share of rows that a delimiter must split like the first one. */
const ALIKE = 0.5;
const TYPED = /^(?=.*\d)[\s\d.,:/+\-()'TZ%€$£]+$/u;
const MOSTLY = 0.9;
/** With this many fields in each line, the character is not a text's punctuation. */
const TITLED = 3;

interface Split {
  readonly delimiter: string;
  readonly rows: readonly (readonly string[])[];
  readonly width: number;
  /** Shares of rows as wide as the first, and of fields that are numbers or times. */
  readonly alike: number;
  readonly typed: number;
}

/**
 * Finds delimiter and header in the beginning of a file.
 *
 * @param head whole lines
 * @throws CsvError if it is not CSV, or one that no contract can describe
 */
export function guessDialect(head: string, source: string): Dialect {
  const text = head.replace(/^\uFEFF/, "");
  refuseOldLineEnds(text, source);
  const splits = DELIMITERS.map((delimiter) => split(text, delimiter));
  const best = splits.filter(({ width, alike }) => width > 1 && alike >= ALIKE).sort(byLikelihood)[0];
  const { delimiter, rows } = best ?? splits.sort((one, other) => other.alike - one.alike)[0] ?? split(text, ",");
  if (best === undefined) {
    refuseTitle(splits, source);
    refuseOthers(text, source);
  }
  const names = rows[0] ?? [];
  const advice = adviseOnHeader(names, { columns: {} });
  if (advice !== undefined && !/header: false/.test(advice)) {
    throw new CsvError("This is not a CSV that a feed can read", { where: { source, line: 1 }, fix: advice });
  }
  return { delimiter, hasHeader: isHeader(rows) };
}

function split(text: string, delimiter: string): Split {
  const parsed = Papa.parse<string[]>(text, { delimiter, preview: MOST_ROWS });
  // Like the reader.
  const data = parsed.data.filter((row) => row.length > 1 || row[0]?.trim() !== "");
  const width = data[0]?.length ?? 0;
  const fields = data
    .slice(1)
    .flat()
    .filter((field) => field !== "");
  return {
    ...{ delimiter, rows: data, width },
    alike: data.filter((row) => row.length === width).length / Math.max(data.length, 1),
    typed: fields.filter(isTyped).length / Math.max(fields.length, 1),
  };
}

/** More rows alike, then more numbers and times, then more columns. */
function byLikelihood(one: Split, other: Split): number {
  return other.alike - one.alike || other.typed - one.typed || other.width - one.width;
}

function refuseOldLineEnds(text: string, source: string): void {
  if (text.includes("\n") || !text.includes("\r")) return;
  throw new CsvError("The lines of this file end in CR only", {
    where: { source },
    fix: "Convert its line ends to LF",
  });
}

/** A first line of one field over rows of several is a title. */
function refuseTitle(splits: readonly Split[], source: string): void {
  const titled = splits.find(({ rows: [first = [], second = [], ...others] }) => {
    const alike = others.filter(({ length }) => length === second.length).length;
    return first.length === 1 && second.length >= TITLED && others.length > 0 && alike >= others.length * MOSTLY;
  });
  if (titled === undefined) return;
  throw new CsvError("The first line is neither a header nor a row", {
    got: "1 field",
    expected: `${titled.rows[1]?.length} as in the lines below`,
    where: { source, line: 1 },
    fix: "Remove the lines above the header",
  });
}

/** A character that appears equally often in each line, more than once or in a few lines, is probably a delimiter. */
function refuseOthers(text: string, source: string): void {
  const [line = ""] = text.split("\n", 1);
  const found = [...new Set(line.match(OTHERS))].find((sign) => {
    const { width, alike } = split(text, sign);
    return width > 1 && alike === 1;
  });
  if (found === undefined) return;
  throw new CsvError("The delimiter of this file is not one that a contract allows", {
    got: found,
    expected: "one ASCII character, for example , ; | or a tab",
    where: { source },
    fix: "Ask its maker for another one",
  });
}

function isTyped(field: string): boolean {
  return TYPED.test(field);
}

/** A first row is not a header if its fields are numbers and times like those below, or appear below again. */
function isHeader([first = [], ...rows]: readonly (readonly string[])[]): boolean {
  let votes = 0;
  for (const [at, name] of first.entries()) {
    if (name.trim() === "") continue;
    const below = rows.flatMap((row) => row[at] ?? []).filter((field) => field !== "");
    const isNumeric = below.length > 0 && below.filter(isTyped).length >= below.length * MOSTLY;
    if (isTyped(name)) {
      // Years may be names of columns, too, if the fields below are not years.
      const isYear = /^(19|20)\d\d$/.test(name) && !below.every((field) => /^(19|20)\d\d$/.test(field));
      if (!isYear || below.length === 0) votes -= isNumeric || below.length === 0 ? 1 : 0;
    } else if (isNumeric) votes += 1;
    else if (below.includes(name)) votes -= 1;
  }
  return votes >= 0;
}
