import type { Column } from "../../../../etl/core/contract/column";
import type { Feed } from "../../../../etl/core/contract/contract";
import { provenance } from "../../../../etl/core/contract/schema/names";
import { counted } from "../../../../etl/core/counted";
import { CsvError } from "../../../../etl/core/errors";
import type { ColumnProfile } from "../profile/column-profile";
import type { Profile } from "../profile/profile-csv";
import { nameColumns } from "./column-names";
import { guessColumn } from "./guess-column";
import { decimalOf } from "./guess-number";
import { orderOf } from "./guess-time";
import type { Locale, Shown } from "./guessed-type";

/** PostgreSQL's 1,600 without the two for a row's origin. */
const MOST_COLUMNS = 1_600 - provenance.length;

/** A column of the file, and its guess. */
export interface GuessedColumn {
  readonly name: string;
  readonly column: Column;
  /** Whether a row of the file has no value in it. */
  readonly hasEmpty: boolean;
  readonly notes: readonly string[];
  /** What a person should check first: no row shows whether it is wrong. */
  readonly check: string | undefined;
  /** Whether its numbers are written with and without zeros at their end, so that different texts are one number. */
  readonly hasUnevenZeros: boolean;
}

/** A feed without its name, table and key, with notes on each part. */
export interface GuessedFeed {
  readonly csv: Omit<Feed, "name" | "table" | "key" | "columns">;
  readonly columns: readonly GuessedColumn[];
  /** Columns of the header that the contract cannot have, and why. */
  readonly leftOut: readonly string[];
  /** Sets of columns that distinguish all rows. */
  readonly keys: readonly { readonly columns: readonly string[]; readonly isProven: boolean }[];
}

/**
 * Guesses a feed for files like this one.
 *
 * @throws CsvError if no table can have so many columns
 */
export function guessFeed(profile: Profile): GuessedFeed {
  const { header, width } = profile;
  if (width > MOST_COLUMNS) {
    throw new CsvError("This file has more columns than a table", {
      got: `${width}`,
      expected: `at most ${MOST_COLUMNS}`,
      fix: "Ask its maker for a row for each of the present columns, or for several files",
    });
  }
  const names = nameColumns(header ?? Array.from({ length: width }, () => ""));
  const locale = guessLocale(profile.columns, names, profile.delimiter);
  const guessed = profile.columns.map((column, at): GuessedColumn => {
    const name = names[at] ?? "";
    const guess = guessColumn(name, column, locale);
    const text = header?.[at] ?? name;
    const hasEmpty = column.empty > 0 || guess.column.nullText !== undefined;
    return {
      name,
      column: text === name ? guess.column : { ...guess.column, header: text },
      hasEmpty,
      notes: guess.notes,
      check: guess.check,
      hasUnevenZeros: column.numbers.areAll && column.numbers.shapes.some((shape) => shape.hasUnevenZeros),
    };
  });
  const isReadable = (at: number) =>
    header === undefined || (header[at] !== "" && header.filter((name) => name === header[at]).length === 1);
  return {
    csv: guessCsv(profile),
    columns: guessed.filter((_, at) => isReadable(at)),
    leftOut: header === undefined ? [] : explainLeftOut(header, profile.columns),
    keys: profile.keys
      .filter(({ columns }) => columns.every((at) => isReadable(at) && mayBeKey(guessed[at])))
      .map(({ columns, isProven }) => ({ columns: columns.map((at) => names[at] ?? ""), isProven })),
  };
}

/** A guess for a key: what its texts distinguish, its numbers may not. */
export function withKey(guessed: GuessedFeed, key: readonly string[]): GuessedFeed {
  const columns = guessed.columns.map((column): GuessedColumn => {
    const { type, header, nullable } = column.column;
    if (!key.includes(column.name) || type !== "numeric" || !column.hasUnevenZeros) return column;
    const notes = ["numbers with and without zeros at their end, which a number would lose: text"];
    return { ...column, column: { type: "text", header, nullable } as Column, notes, check: undefined };
  });
  return { ...guessed, columns };
}

/** The contract of a guess, with its missing parts. */
export function toFeed(
  { csv, columns }: GuessedFeed,
  { name, table }: Pick<Feed, "name" | "table">,
  key: Feed["key"],
): Feed {
  const { maxRejected, ...options } = csv;
  const described = Object.fromEntries(
    columns.map(({ name: column, column: { nullable, ...of } }) => {
      // In a key, a missing value is an empty text.
      return [column, { ...of, ...(nullable === true && !key.includes(column) && { nullable }) } as Column];
    }),
  );
  return { name, table, ...options, columns: described, key, ...(maxRejected !== undefined && { maxRejected }) };
}

function guessCsv(profile: Profile): GuessedFeed["csv"] {
  const { delimiter, encoding, broken, header } = profile;
  return {
    ...(header === undefined && { header: false }),
    ...(delimiter !== "," && { delimiter }),
    ...(encoding !== "utf-8" && { encoding }),
    // With a broken quote, the swallowed lines are reported only for objects that are read whole.
    ...((profile.hasLineBreaks || profile.hasBrokenQuotes) && { quotedLineBreaks: true }),
    ...(broken > 0 && { maxRejected: { rows: broken } }),
  };
}

/**
 * The notation of the unambiguous columns, for the others. Commas that separate fields are seldom decimal, too; all other delimiters
 * show nothing.
 */
function guessLocale(columns: readonly ColumnProfile[], names: readonly string[], delimiter: string): Locale {
  const decimal =
    shownBy(columns.map(decimalOf), names) ?? (delimiter === "," ? { as: ".", by: undefined } : undefined);
  const order = shownBy(columns.map(orderOf), names);
  return { ...(typeof decimal === "object" && { decimal }), ...(typeof order === "object" && { order }) };
}

/** What all columns that show a notation have in common, and the first of them; undefined if none shows one. */
function shownBy<Notation>(
  shown: readonly (Notation | undefined)[],
  names: readonly string[],
): Shown<Notation> | "several" | undefined {
  const found = new Set(shown.filter((one) => one !== undefined));
  if (found.size > 1) return "several";
  const [as] = found;
  return as === undefined ? undefined : { as, by: names[shown.indexOf(as)] };
}

function explainLeftOut(header: readonly string[], columns: readonly ColumnProfile[]): readonly string[] {
  const twice = new Set(header.filter((name, at) => name !== "" && header.indexOf(name) !== at));
  const nameless = header.filter((name, at) => name === "" && (columns[at]?.filled ?? 0) > 0).length;
  return [
    ...[...twice].map(
      (name) => `${JSON.stringify(name)} appears in the header more than once, so it does not identify a column`,
    ),
    ...(nameless > 0 ? [`${counted(nameless, "column has", "columns have")} values and no name in the header`] : []),
  ];
}

/**
 * A key is compared exactly: it is neither a measured value nor a document, and never NULL; an empty text is allowed.
 */
export function mayBeKey(column: GuessedColumn | undefined): boolean {
  if (column === undefined) return false;
  const { type, nullText } = column.column;
  return type !== "double" && type !== "json" && (!column.hasEmpty || (type === "text" && nullText === undefined));
}
