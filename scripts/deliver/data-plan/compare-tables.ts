import { type Kysely, sql } from "kysely";
import { quoteTable } from "../../../etl/core/load/table-habits";

/** A table's columns and constraints, as PostgreSQL writes them; undefined if there is no such table. */
export interface TableShape {
  /** By name: type, NOT NULL and default. */
  readonly columns: ReadonlyMap<string, string>;
  readonly constraints: readonly string[];
}

/** A row in both tables with other values; undefined values are those of a missing row. Values are PostgreSQL's text. */
export interface RowChange {
  readonly key: Readonly<Record<string, Value>>;
  readonly before?: Readonly<Record<string, Value>>;
  readonly after?: Readonly<Record<string, Value>>;
}

export type Value = string | null;

/** In place of a sensitive value: neither a comment nor a program gets it. */
const MASK = "•••";

/** The rows of two tables, compared by key. */
export interface RowDifferences {
  readonly before: number;
  readonly after: number;
  readonly removed: number;
  readonly added: number;
  readonly changed: number;
  /** Changed rows, by column. */
  readonly columns: ReadonlyMap<string, number>;
  /** The first of each kind. */
  readonly examples: {
    readonly removed: readonly RowChange[];
    readonly added: readonly RowChange[];
    readonly changed: readonly RowChange[];
  };
}

export async function readShape(db: Kysely<never>, table: string): Promise<TableShape | undefined> {
  const { rows: columns } = await sql<{ name: string; type: string }>`
    select attname as name, format_type(atttypid, atttypmod) || case when attnotnull then ' not null' else '' end
      || coalesce(' default ' || pg_get_expr(adbin, adrelid), '') as type
    from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
    where attrelid = to_regclass(${quoteTable(table)}) and attnum > 0 and not attisdropped order by attnum`.execute(db);
  if (columns.length === 0) return undefined;
  const { rows: constraints } = await sql<{ text: string }>`
    select pg_get_constraintdef(oid) as text from pg_constraint where conrelid = to_regclass(${quoteTable(table)}) and contype <> 'n'
    union all select pg_get_indexdef(indexrelid) from pg_index where indrelid = to_regclass(${quoteTable(table)})
      and not exists (select from pg_constraint where conindid = indexrelid) order by text`.execute(db);
  return {
    columns: new Map(columns.map(({ name, type }) => [name, type])),
    constraints: constraints.map(({ text }) => text),
  };
}

/** Rows of one part that are compared at once. */
const PART = 50_000;
const EXAMPLES = 10;

/**
 * Compares the rows of two tables in two databases, in parts by a hash of the key: memory does not grow with the tables.
 *
 * @param key columns of both that distinguish the rows of both
 * @param columns columns of both
 * @param sensitive columns whose values are masked in examples
 */
export async function compareRows(
  [base, head]: readonly [Kysely<never>, Kysely<never>],
  [old, now]: readonly [string, string],
  key: readonly string[],
  columns: readonly string[],
  sensitive: readonly string[],
): Promise<RowDifferences> {
  const [before, after] = [await count(base, old), await count(head, now)];
  const parts = Math.max(1, Math.ceil(Math.max(before, after) / PART));
  const totals = { removed: 0, added: 0, changed: 0 };
  const byColumn = new Map<string, number>();
  const examples = { removed: [] as RowChange[], added: [] as RowChange[], changed: [] as RowChange[] };
  const note = (kind: keyof typeof totals, change: RowChange) => {
    totals[kind] += 1;
    if (examples[kind].length < EXAMPLES) examples[kind].push(maskChange(change, sensitive));
  };
  for (let part = 0; part < parts; part += 1) {
    const left = await readPart(base, old, key, columns, part, parts);
    for (const [name, row] of await readPart(head, now, key, columns, part, parts)) {
      const earlier = left.get(name);
      left.delete(name);
      const id = pick(row, key);
      if (earlier === undefined) note("added", { key: id, after: row });
      else {
        const differing = columns.filter((column) => row[column] !== earlier[column]);
        for (const column of differing) byColumn.set(column, (byColumn.get(column) ?? 0) + 1);
        if (differing.length > 0)
          note("changed", { key: id, before: pick(earlier, differing), after: pick(row, differing) });
      }
    }
    for (const row of left.values()) note("removed", { key: pick(row, key), before: row });
  }
  return { before, after, ...totals, columns: byColumn, examples };
}

async function count(db: Kysely<never>, table: string): Promise<number> {
  const { rows } = await sql<{
    rows: string;
  }>`select count(*)::text as rows from ${sql.raw(quoteTable(table))}`.execute(db);
  return Number(rows[0]?.rows);
}

async function readPart(
  db: Kysely<never>,
  table: string,
  key: readonly string[],
  columns: readonly string[],
  part: number,
  parts: number,
) {
  const names = [...new Set([...key, ...columns])];
  const hash = sql`mod(mod(hashtextextended(concat_ws(chr(31), ${sql.join(key.map((name) => sql`${sql.ref(name)}::text`))}), 0), ${parts}::bigint) + ${parts}::bigint, ${parts}::bigint)`;
  const { rows } = await sql<Record<string, Value>>`
    select ${sql.join(names.map((name) => sql`${sql.ref(name)}::text as ${sql.id(name)}`))} from ${sql.raw(quoteTable(table))}
    where ${hash} = ${part}::bigint order by ${sql.join(key.map((name) => sql.ref(name)))}`.execute(db);
  return new Map(rows.map((row) => [JSON.stringify(key.map((name) => row[name])), row]));
}

function pick(row: Readonly<Record<string, Value>>, names: readonly string[]): Record<string, Value> {
  return Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
}

function maskChange({ key, before, after }: RowChange, sensitive: readonly string[]): RowChange {
  const mask = (values: Readonly<Record<string, Value>>) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, value !== null && sensitive.includes(name) ? MASK : value]),
    );
  return {
    key: mask(key),
    ...(before !== undefined && { before: mask(before) }),
    ...(after !== undefined && { after: mask(after) }),
  };
}
