import { CsvError } from "../../../../../etl/core/errors";
import { nameOf } from "../../describe-reading";
import { headerVotes, isTyped, MOSTLY } from "./header-votes";
import { isAlike, type Split, shareOf } from "./split-head";

const USUAL = [",", ";", "\t", "|"];
/** Characters that may be delimiters, too: no contract allows those that are not ASCII. */
const OTHERS = /[^\p{L}\p{N}\s\uFFFD"'()\-_.,;|]/gu;
const IF_ONE = "If it is one column, put its name and values in quotes";
/** Blanks within a number, and between a day and a time. */
const HAS_BLANKS = /^[-+]?\d{1,3}( \d{3})*([.,]\d+)?$|^\S+[-./]\S+ \d+:\d\d/;

/** Refuses a file that no delimiter splits, but that seems to have more columns than one. */
export function refuseColumns(lines: readonly string[], splits: readonly Split[], source: string): void {
  refuseUneven(splits, source);
  refuseQuotedLines(lines, splits, source);
  refuseOthers(lines, source);
  refuseBlanks(lines, source);
}

/** Rows with more fields than the header, all of them empty, or the reverse: a delimiter at the end. */
export function refuseLastDelimiter({ rows: [first, ...others], delimiter }: Split, source: string): void {
  if (first === undefined || others.length === 0) return;
  const { length } = first.fields;
  const isEmpty = (fields: readonly string[]) => fields.every((field) => field.trim() === "");
  const areLonger = others.filter(({ fields }) => fields.length > length && isEmpty(fields.slice(length)));
  const areShorter = others.filter(
    ({ fields }) => fields.length < length && isEmpty(first.fields.slice(fields.length)),
  );
  const [differing] = areLonger.length > areShorter.length ? areLonger : areShorter;
  if (differing === undefined || Math.max(areLonger.length, areShorter.length) < others.length * MOSTLY) return;
  const [with_, without] = areShorter.includes(differing) ? ["header", "rows"] : ["rows", "header"];
  throw new CsvError(`The ${with_} of this file ${with_ === "rows" ? "end" : "ends"} with a delimiter`, {
    got: `${count(differing.fields.length)}, the first line has ${length}`,
    expected: "as many in each line",
    where: { source, line: differing.line },
    fix: `Add ${nameOf(delimiter)} to the end of the ${without}, or remove it from the ${with_}`,
  });
}

/** Most lines, or the first, contain a usual delimiter, but not equally often. */
function refuseUneven(splits: readonly Split[], source: string): void {
  const [likeliest] = splits
    .filter(({ delimiter }) => USUAL.includes(delimiter))
    .map((split) => ({ ...split, usual: usualWidth(split) }))
    .filter(({ rows, width }) => width > 1 || shareOf(rows.slice(1), ({ fields }) => fields.length > 1) > 0.5)
    .sort((one, other) => other.usual.share - one.usual.share || other.width - one.width);
  if (likeliest === undefined) return;
  const { rows, width, delimiter } = likeliest;
  const differing = rows.find((row) => !isAlike(row, width));
  if (differing === undefined) return;
  const { line, fields, isBroken } = differing;
  throw new CsvError("No delimiter splits the lines of this file alike", {
    got: `with ${nameOf(delimiter)} ${count(width)} in line ${rows[0]?.line}, and ${isBroken ? "a broken quote" : fields.length} in line ${line}`,
    expected: "as many fields in each line",
    where: { source, line },
    fix: `Put values that contain ${nameOf(delimiter)} in quotes, or ask its maker for the missing fields. ${IF_ONE}`,
  });
}

/** The most frequent number of fields, of more than one, and its share. */
function usualWidth({ rows }: Split): { readonly share: number } {
  const counts = new Map<number, number>();
  for (const { fields } of rows) counts.set(fields.length, (counts.get(fields.length) ?? 0) + 1);
  counts.delete(1);
  return { share: Math.max(0, ...counts.values()) / Math.max(rows.length, 1) };
}

/** Each line is one quoted field that a usual delimiter splits alike. */
function refuseQuotedLines(lines: readonly string[], splits: readonly Split[], source: string): void {
  const rows = splits.find(({ width, alike }) => width === 1 && alike === 1)?.rows ?? [];
  if (rows.length < 2 || !lines.every((line) => /^".*"$/.test(line))) return;
  const isSplit = (delimiter: string) => {
    const inner = rows.map(({ fields: [only = ""] }) => only.split(delimiter));
    const width = inner[0]?.length ?? 0;
    return width > 1 && inner.every(({ length }) => length === width) && (width > 2 || headerVotes(inner) > 0);
  };
  const delimiter = USUAL.find(isSplit);
  if (delimiter === undefined) return;
  throw new CsvError("Each line of this file is one quoted field", {
    got: `${nameOf(delimiter)} within quotes, equally often in each line`,
    expected: "quotes around values",
    where: { source, line: rows[0]?.line },
    fix: "Remove the quotes around each line, or ask its maker",
  });
}

/** A character that appears equally often in each line is probably a delimiter; one of ASCII, with numbers below names. */
function refuseOthers(lines: readonly string[], source: string): void {
  const [first = ""] = lines;
  if (first.startsWith('"')) return;
  const found = [...new Set(first.match(OTHERS))].find((sign) => {
    const fields = lines.map((line) => line.split(sign));
    const isAscii = sign < "\u0080";
    return fields.every(({ length }) => length === fields[0]?.length) && (!isAscii || headerVotes(fields) > 0);
  });
  if (found === undefined) return;
  const isAllowed = found < "\u0080";
  throw new CsvError(`The delimiter of this file is not one that ${isAllowed ? "is guessed" : "a contract allows"}`, {
    got: isAllowed ? nameOf(found) : found,
    expected: `one ${isAllowed ? "usual" : "ASCII"} character, for example , ; | or a tab`,
    where: { source },
    fix: isAllowed ? `Convert it, or ask its maker for another one. ${IF_ONE}` : "Ask its maker for another one",
  });
}

/** Columns of a fixed width, or words between blanks with numbers below names. */
function refuseBlanks(lines: readonly string[], source: string): void {
  const [first = "", ...others] = lines.map((line) => line.trim());
  if (first.startsWith('"') || others.length === 0) return;
  const words = lines.map((line) => line.trim().split(/\s+/));
  const isWide = (line: string) => /\S {2,}\S/.test(line);
  const haveWide = (isWide(first) || others.every(isWide)) && shareOf(others, (line) => line.includes(" ")) >= MOSTLY;
  const width = words[0]?.length ?? 0;
  const areWords =
    width > 1 && words.every(({ length }) => length === width) && !others.every((line) => HAS_BLANKS.test(line));
  const areNamed = areWords && headerVotes(words) > 0;
  const areTyped = areWords && width > 2 && words.every((line) => line.some(isTyped));
  if (!haveWide && !areNamed && !areTyped) return;
  throw new CsvError("The columns of this file stand below each other, with no delimiter between them", {
    got: "blanks between values",
    expected: "one character between them, for example , ; | or a tab",
    where: { source },
    fix: `Ask its maker for CSV, or convert it. ${IF_ONE}`,
  });
}

function count(fields: number): string {
  return `${fields} ${fields === 1 ? "field" : "fields"}`;
}
