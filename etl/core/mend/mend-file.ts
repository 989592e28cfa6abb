import { createHash } from "node:crypto";
import { isLineEnd } from "../csv/rows/broken-row";
import { readRows } from "../csv/rows/read-rows";
import { adviseOnFormat } from "../csv/unpack/packing";
import { type MillraceError, quote, UsageError } from "../errors";
import { undoDefused } from "./formulas";
import { plainText } from "./plain-text";
import { OWN } from "./rejected-file";

/** A corrected row, as a person gave it back. */
export interface CorrectedRow {
  /** Of the file; 1 is its header. */
  readonly line: number;
  /** `rejected_row.id`. */
  readonly id: number;
  /** By the columns of the file. */
  readonly values: ReadonlyMap<string, string>;
}

export interface MendFile {
  /** What messages call it. */
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly rows: readonly CorrectedRow[];
}

/** A spreadsheet writes the delimiter of its country. */
const BEFORE_OR_AFTER = [new RegExp(`${OWN.row} *"? *([,;\\t|])`, "i"), new RegExp(`([,;\\t|]) *"? *${OWN.row}`, "i")];
/** Our columns, whatever the case of their letters: those of a source may differ in nothing else. */
const OWN_NAMES: ReadonlySet<string> = new Set(Object.values(OWN));

/**
 * Reads a file of rejected rows that a person corrected.
 *
 * @throws UsageError where it is not one of ours, with line and value
 * @throws CsvError where it is no CSV
 */
export async function readMendFile(name: string, content: Uint8Array): Promise<MendFile> {
  const text = plainText(name, Buffer.from(content));
  const delimiter = findDelimiter(name, text);
  let header: readonly string[] | undefined;
  const rows: CorrectedRow[] = [];
  const ids = new Set<number>();
  const bytes = (async function* () {
    yield text;
  })();
  for await (const _ of readRows({ bytes, source: name, role: name, delimiter }, (row) => {
    if (row.isBlank) return;
    const texts = row.texts.map((text) => undoDefused(header === undefined ? text.trim() : text));
    const where = { source: name, line: row.line };
    if (isLineEnd(row.broken)) throw refuse("This row's line end is broken", row.broken, "LF or CRLF", where);
    if (row.broken !== undefined) throw refuse("A quote of this row is broken", undefined, "quotes in pairs", where);
    if (header === undefined) {
      const twice = texts.find((text, at) => text !== "" && texts.indexOf(text) !== at);
      if (twice !== undefined) throw refuse("The header has a column twice", twice, "each name once", where);
      header = texts.map((text) => (OWN_NAMES.has(text.toLowerCase()) ? text.toLowerCase() : text));
      return;
    }
    // A spreadsheet leaves a row of delimiters where a person cleared its cells.
    if (texts.every((text) => text === "")) return;
    if (texts.length !== header.length) {
      throw refuse("This row has another number of cells than the header", texts.length, header.length, where);
    }
    const known = header;
    const values = new Map([...texts.entries()].map(([at, text]) => [known[at] ?? "", text]));
    const id = values.get(OWN.row)?.trim() ?? "";
    if (!/^[1-9]\d{0,15}$/.test(id)) {
      throw refuse("This row does not say which rejected row it mends", JSON.stringify(id), "its number", {
        ...where,
        column: OWN.row,
      });
    }
    if (ids.has(Number(id))) {
      throw refuse("Two rows correct the same rejected row", id, "each number once", { ...where, column: OWN.row });
    }
    ids.add(Number(id));
    rows.push({ line: row.line, id: Number(id), values });
  })) {
    // All of it is taken above.
  }
  return { name, sha256: createHash("sha256").update(content).digest("hex"), bytes: content.length, rows };
}

/** A header is looked for so far. */
const HEADER_BYTES = 1_048_576;

function findDelimiter(name: string, content: Buffer): string {
  const lines = content.toString("utf8", 0, HEADER_BYTES).split("\n");
  const at = lines.findIndex((line) => line.trim() !== "");
  const header = lines[at] ?? "";
  for (const place of BEFORE_OR_AFTER) {
    const found = place.exec(header)?.[1];
    if (found !== undefined) return found;
  }
  const got = quote(header, 120);
  throw new UsageError("This is no file of rejected rows", {
    got,
    expected: `a header with the column ${OWN.row}, and a comma, semicolon, tab or | beside it`,
    where: { source: name, line: Math.max(at, 0) + 1 },
    fix:
      adviseOnFormat(content) ??
      "Write one with the command rejected, correct that, and leave its columns millrace_… as they are",
  });
}

function refuse(
  headline: string,
  got: string | number | undefined,
  expected: string | number,
  where: NonNullable<MillraceError["details"]["where"]>,
): UsageError {
  return new UsageError(headline, {
    got: got === undefined ? undefined : String(got),
    expected: String(expected),
    where,
    fix: "Correct the file, and run again: nothing was mended",
  });
}
