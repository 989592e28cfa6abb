import { type Column, type Columns, headersOf } from "../column";
import type { Feed } from "../contract";
import { encode } from "../fields/bytes";
import { compareDecimals, toDecimal } from "../fields/decimal-field";
import { compileField } from "../fields/field";
import { compilePattern, isQuick } from "../fields/pattern";
import { parseFormat } from "../fields/time-format";
import { wholeLimits } from "../fields/whole-field";
import { HELPER_PREFIX, provenance } from "./names";

/** The place of a contract's fault, and the expected value. */
export interface Fault {
  readonly path: readonly string[];
  readonly expected: string;
  /** Default: correct the contract. */
  readonly fix?: string;
}

/** NAMEDATALEN - 1 (PostgreSQL manual, "Identifiers and Key Words"): a longer name is cut silently. */
const NAME_BYTES = 63;
/** MaxHeapAttributeNumber (PostgreSQL manual, "PostgreSQL Limits"). */
const MOST_COLUMNS = 1_600 - provenance.length;
/** INDEX_MAX_KEYS, of the same page. */
const MOST_KEY_COLUMNS = 32;
/**
 * A statement has at most 1,664 columns (the same page), and a statement that keeps revisions has each column twice.
 */
const MOST_REVISED_COLUMNS = 800;
/** PostgreSQL manual, "System Columns". */
const SYSTEM_COLUMNS = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];
/** PostgreSQL manual, "The System Catalog Schema" and "The Information Schema". */
const OWN_SCHEMA = /^(pg_|information_schema$)/;
/** The ledger's tables and a pipeline's own: no feed is loaded into them. */
const OWN_TABLE =
  /^(public\.)?(etl_run|revision|rejected_(row|header)|mended_row|removed_row|inserted_key|load_history|covid_daily|import_(object|run|chunk|target|request)|millrace_.*)$/;
/** Pipelines and owners of tables: their runs have these names in the ledger. */
const OWN_NAMES = ["core", "import", "covid", "orders", "metadata"];
const NAME_FIX = "Choose a shorter or another name, and set header to the column's name in the source";

/** Faults that PostgreSQL or the reader would refuse, though each part is well-formed. */
export function* findFaults(contract: Feed): Generator<Fault> {
  yield* ofColumns(contract);
  if (contract.header !== false) yield* ofHeaders(contract.columns);
  yield* ofTable(contract);
  yield* ofFeed(contract);
  yield* ofHistory(contract);
}

function* ofHistory({ columns, revisions = false, history = "none" }: Feed): Generator<Fault> {
  if (!revisions && history === "none") return;
  if (Object.keys(columns).length <= MOST_REVISED_COLUMNS) return;
  const [path, none] = revisions ? (["revisions", "false"] as const) : (["history", "none"] as const);
  const fix = `Leave ${path} out, or load only the columns that matter`;
  yield { path: [path], expected: `${none} for more than ${MOST_REVISED_COLUMNS} columns`, fix };
}

function* ofColumns({ columns, header }: Feed): Generator<Fault> {
  const names = Object.keys(columns);
  if (names.length === 0) yield { path: ["columns"], expected: "at least one column" };
  if (names.length > MOST_COLUMNS) {
    yield { path: ["columns"], expected: `at most ${MOST_COLUMNS} columns, as a table of PostgreSQL has` };
  }
  for (const [name, column] of Object.entries(columns)) {
    const path = ["columns", name];
    const expected = wrongName(name);
    if (expected !== undefined) yield { path, expected, fix: NAME_FIX };
    if (header === false && /^\d+$/.test(name)) {
      const lost = "another name: JavaScript puts names of digits first, and its place among the fields is lost";
      yield { path, expected: lost, fix: NAME_FIX };
    }
    for (const fault of ofColumn(column)) yield { ...fault, path: [...path, ...fault.path] };
  }
}

/** @returns the expected name, if it is not valid */
function wrongName(name: string): string | undefined {
  if (name === "") return "a name";
  if (name === "__proto__") return "another name: this one has a meaning of its own in JavaScript";
  if (provenance.some((own) => own === name))
    return `another name: ${provenance.join(" and ")} are the import's own columns`;
  if (SYSTEM_COLUMNS.includes(name)) return "another name: this one is a system column of PostgreSQL";
  return wrongIdentifier(name);
}

function wrongIdentifier(name: string): string | undefined {
  if (name.trim() !== name) return "a name without blanks around it";
  if (encode(name).length > NAME_BYTES) return `a name of at most ${NAME_BYTES} bytes`;
  if (name.includes("\0")) return "a name without a NUL character";
  return name.startsWith(HELPER_PREFIX) ? `a name that does not begin with ${HELPER_PREFIX}` : undefined;
}

function* ofColumn(column: Column): Generator<Fault> {
  if (column.nullText !== undefined && column.nullable !== true) {
    yield { path: ["nullText"], expected: "a nullable column", fix: "Add nullable: true, or leave nullText out" };
  }
  switch (column.type) {
    case "text":
      if (column.nul === true) yield { path: ["nul"], expected: "false: PostgreSQL keeps no NUL character" };
      if ((column.min ?? 0) > (column.max ?? Number.POSITIVE_INFINITY))
        yield { path: ["min"], expected: "at most max" };
      yield* ofPattern(column);
      return;
    case "integer":
    case "bigint": {
      const { least, most } = wholeLimits(column);
      const type = wholeLimits({ type: column.type });
      if (least < type.least || least > type.most)
        yield { path: ["min"], expected: `a number that ${column.type} holds` };
      if (most > type.most || most < type.least)
        yield { path: ["max"], expected: `a number that ${column.type} holds` };
      if (least > most) yield { path: ["min"], expected: "at most max" };
      return;
    }
    case "numeric":
    case "double": {
      if (column.type === "numeric" && column.scale > column.precision) {
        yield { path: ["scale"], expected: "a scale of 0 to the precision" };
      }
      const [least, most] = [toDecimal(column.min), toDecimal(column.max)];
      if (column.type === "numeric" && column.min !== undefined && least === undefined) yield decimalText("min");
      if (column.type === "numeric" && column.max !== undefined && most === undefined) yield decimalText("max");
      const isTurned = least && most ? compareDecimals(least, most) > 0 : Number(column.min) > Number(column.max);
      if (isTurned) yield { path: ["min"], expected: "at most max" };
      if (column.thousands === (column.decimal ?? ".")) {
        yield {
          path: ["thousands"],
          expected: "another mark than decimal",
          fix: "Set decimal to the mark before the decimals",
        };
      }
      return;
    }
    case "date":
    case "timestamp":
    case "timestamptz": {
      const steps = column.format === undefined ? [] : parseFormat(column.type, column.format);
      if (typeof steps === "string") yield { path: ["format"], expected: steps };
    }
  }
}

function decimalText(name: string): Fault {
  return { path: [name], expected: "a decimal number, as text if JavaScript would write an exponent" };
}

function* ofPattern(column: Extract<Column, { readonly type: "text" }>): Generator<Fault> {
  const { pattern, oneOf } = column;
  if (pattern !== undefined) {
    try {
      compilePattern(pattern);
    } catch (error) {
      yield { path: ["pattern"], expected: `a regular expression (${(error as Error).message})` };
      return;
    }
    if (!isQuick(pattern, column.max)) {
      const fix =
        "Make sure that no two parts of it match the same text, as in (a+)+, or give the column a smaller max";
      yield { path: ["pattern"], expected: "a pattern that is tried in bounded time on a long text", fix };
    }
  }
  if (oneOf === undefined) return;
  if (new Set(oneOf).size !== oneOf.length) yield { path: ["oneOf"], expected: "each text once" };
  const { check } = compileField({ ...column, oneOf: undefined });
  const wrong = oneOf.findIndex((word) => !check(encode(word), 0, encode(word).length));
  if (wrong !== -1) yield { path: ["oneOf", String(wrong)], expected: "a text that keeps the column's other limits" };
}

function* ofHeaders(columns: Columns): Generator<Fault> {
  const taken = new Map<string, string>();
  for (const [name, column] of Object.entries(columns)) {
    for (const header of headersOf(name, column)) {
      const path = ["columns", name, ...(column.header === undefined ? [] : ["header"])];
      const other = taken.get(header);
      if (other !== undefined)
        yield { path, expected: `a name that no other column has in the header, as ${other} does` };
      if (header.trim() !== header)
        yield { path, expected: "a name without blanks around it: a header is read without them" };
      taken.set(header, name);
    }
  }
}

function* ofFeed({ name, table }: Feed): Generator<Fault> {
  if (OWN_NAMES.includes(name)) {
    const expected = `another name: ${OWN_NAMES.join(", ")} are pipelines, and owners of tables`;
    yield { path: ["name"], expected, fix: "Name it after what it loads" };
  }
  if (OWN_TABLE.test(table)) {
    yield { path: ["table"], expected: "a table that is not millrace's own", fix: "Name a table of yours" };
  }
}

function* ofTable({ table, columns, key }: Feed): Generator<Fault> {
  const parts = table.split(".");
  const wrong = parts.map(wrongIdentifier).find((expected) => expected !== undefined);
  if (wrong !== undefined) yield { path: ["table"], expected: wrong };
  if (parts.length > 1 && OWN_SCHEMA.test(parts[0] ?? "")) {
    const expected = "a schema of yours: pg_… and information_schema are PostgreSQL's own";
    yield { path: ["table"], expected, fix: "Name another schema, or leave it out" };
  }
  if (key.length > MOST_KEY_COLUMNS) {
    yield { path: ["key"], expected: `at most ${MOST_KEY_COLUMNS} columns, as an index of PostgreSQL has` };
  }
  if (new Set(key).size !== key.length) yield { path: ["key"], expected: "each column once" };
  for (const [index, part] of key.entries()) {
    const path = ["key", String(index)];
    if (!Object.hasOwn(columns, part)) yield { path, expected: "a column of the contract" };
    else if (columns[part]?.nullable === true) yield { path, expected: "a column that is not nullable" };
  }
}
