import { type Kysely, sql } from "kysely";
import { quote, quoteTable } from "../../../etl/core/load/table-habits";
import type { Reader } from "../undo/as-of";
import { isTrue, literal, readAll } from "./stored-run";

type Value = string | null;
type Row = Readonly<Record<string, Value>>;

/** What is compared. */
export interface Compared {
  readonly table: string;
  readonly key: readonly string[];
  /** The contract's, with the key's. */
  readonly columns: readonly string[];
  /** Their values are masked. */
  readonly sensitive: readonly string[];
  /** In SQL, the rows that the run left; undefined if nothing is kept of them. */
  readonly stored: string | undefined;
  /** In SQL, the rows that today's code loaded, in the scratch database. */
  readonly scratch: string;
}

/** The first row that differs. Undefined values are those of a missing row. */
export interface RowDifference {
  readonly table: string;
  readonly key: Row;
  /** The differing columns, as the run left them. */
  readonly was?: Row;
  readonly now?: Row;
}

export interface Comparison {
  /** Rows that both have. */
  readonly compared: number;
  readonly first?: RowDifference;
}

/** In place of a sensitive value. */
const MASK = "•••";
/** On AWS a statement has at most 100,000 characters, and each is a call. */
const KEYS_AT_ONCE = 50;
const MOST_ASKED = 1_000;

/**
 * Compares the rows that a run left with those that today's code loads, by key, in memory. Rows that the table has from somewhere else
 * by now are not compared.
 */
export async function findDifference(
  read: Reader,
  scratch: Kysely<never>,
  { table, key, sensitive, stored, scratch: loaded, ...compared }: Compared,
): Promise<Comparison> {
  const [known, fresh] = [await readTypes(read, table), await readTypes(async (text) => askHere(scratch, text), table)];
  // The contract may have got columns since.
  const columns = compared.columns.filter((name) => known.has(name));
  if (stored === undefined || key.some((name) => !known.has(name))) return { compared: 0 };
  const { rows } = await askHere(scratch, `select ${asTexts(columns, fresh)} from ${loaded}`);
  const toRow = (values: readonly Value[]) => Object.fromEntries(columns.map((name, at) => [name, values[at] ?? null]));
  const loads = new Map(rows.map(toRow).map((row) => [nameOf(row, key), row]));
  const pick = (row: Row, names: readonly string[]) =>
    Object.fromEntries(
      names.map((name) => [name, sensitive.includes(name) && row[name] !== null ? MASK : (row[name] ?? null)]),
    );
  let both = 0;
  let gone: Row | undefined;
  const order = key.map(quote).join(", ");
  for (const was of (await readAll(read, `select ${asTexts(columns, known)} from ${stored} order by ${order}`)).map(
    toRow,
  )) {
    const now = loads.get(nameOf(was, key));
    loads.delete(nameOf(was, key));
    if (now === undefined) {
      gone ??= was;
      continue;
    }
    both += 1;
    const differing = columns.filter((column) => was[column] !== now[column]);
    if (differing.length === 0) continue;
    return {
      compared: both,
      first: { table, key: pick(was, key), was: pick(was, differing), now: pick(now, differing) },
    };
  }
  const added = await findUnknown(read, table, key, [...loads.values()]);
  if (added !== undefined)
    return { compared: both, first: { table, key: pick(added, key), now: pick(added, columns) } };
  if (gone !== undefined) return { compared: both, first: { table, key: pick(gone, key), was: pick(gone, columns) } };
  return { compared: both };
}

/** The first row of which the table has nothing, among so many: others gave way to newer rows of their keys. */
async function findUnknown(
  read: Reader,
  table: string,
  key: readonly string[],
  rows: readonly Row[],
): Promise<Row | undefined> {
  for (let at = 0; at < Math.min(rows.length, MOST_ASKED); at += KEYS_AT_ONCE) {
    const some = rows.slice(at, at + KEYS_AT_ONCE);
    for (const [index, values] of (await knows(read, table, key, some)).entries()) {
      if (!isTrue(values[0])) return some[index];
    }
  }
  return undefined;
}

async function knows(read: Reader, table: string, key: readonly string[], rows: readonly Row[]) {
  const asked = rows.map((row, at) => {
    const same = key.map((name) => `t.${quote(name)} = ${literal(row[name] ?? "")}`).join(" and ");
    return `select exists (select from ${quoteTable(table)} as t where ${same}) as known, ${at} as at`;
  });
  return (await read(`${asked.join(" union all ")} order by 2`)).rows;
}

function nameOf(row: Row, key: readonly string[]): string {
  return JSON.stringify(key.map((name) => row[name]));
}

/** The columns of a table by name; none if there is no such table. */
async function readTypes(read: Reader, table: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await read(`select attname::text, format_type(atttypid, null) from pg_attribute
    where attrelid = to_regclass(${literal(quoteTable(table))}) and attnum > 0 and not attisdropped`);
  return new Map(rows.map(([name, type]) => [name ?? "", type ?? ""]));
}

/** Each as a text that is the same on each server and in each session. */
function asTexts(columns: readonly string[], types: ReadonlyMap<string, string>): string {
  const zoned = (name: string) => (types.get(name) === "timestamp with time zone" ? " at time zone 'UTC'" : "");
  return columns.map((name, at) => `to_jsonb(${quote(name)}${zoned(name)}) #>> '{}' as c${at}`).join(", ");
}

async function askHere(db: Kysely<never>, statement: string) {
  const { rows } = await sql<Row>`${sql.raw(statement)}`.execute(db);
  return { columns: [], rows: rows.map((row) => Object.values(row)) };
}
