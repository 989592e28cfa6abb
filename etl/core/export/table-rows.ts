import { type Kysely, sql, type Transaction } from "kysely";
import type { TableRows, TableShape } from "./manifest";

/** A row as PostgreSQL's texts. */
export type TextRow = readonly (string | null)[];

const ROWS_AT_ONCE = 1_000;

/** Values have the same text on each server and in each session. */
export async function fixTexts(db: Transaction<unknown>): Promise<void> {
  const settings = {
    datestyle: "ISO, YMD",
    intervalstyle: "postgres",
    timezone: "UTC",
    extra_float_digits: "1",
    bytea_output: "hex",
  };
  for (const [name, value] of Object.entries(settings)) {
    await sql`select set_config(${name}, ${value}, true)`.execute(db);
  }
}

/** All rows of a table, in the order of its primary key if it has one. */
export async function* readRows(
  db: Transaction<unknown>,
  { name, columns, constraints }: TableShape,
): AsyncGenerator<readonly TextRow[]> {
  const texts = textsOf(columns);
  // `PRIMARY KEY (a, b)`: its columns, as PostgreSQL quotes them.
  const [, key] =
    constraints.map(({ definition }) => /^PRIMARY KEY \((.*?)\)( INCLUDE .*)?$/.exec(definition)).find(Boolean) ?? [];
  const order = key === undefined ? sql`` : sql`order by ${sql.raw(key)}`;
  await sql`declare exported no scroll cursor for select ${sql.join(texts)} from ${sql.id(name)} ${order}`.execute(db);
  for (;;) {
    const { rows } = await sql<
      Readonly<Record<string, string | null>>
    >`fetch ${sql.lit(ROWS_AT_ONCE)} from exported`.execute(db);
    if (rows.length === 0) break;
    yield rows.map((row) => columns.map((_, at) => row[at] ?? null));
  }
  await sql`close exported`.execute(db);
}

/** What a statement selects to have each column's text, by the column's place. */
export function textsOf(columns: TableShape["columns"]) {
  return columns.map(({ name }, at) => sql`${sql.id(name)}::text as ${sql.id(`${at}`)}`);
}

/** The number of a table's rows, and their hash, which is the same in any order. */
export async function hashRows(db: Transaction<unknown>, { name, columns }: TableShape): Promise<TableRows> {
  const values = sql.join(columns.map((column) => sql.id(column.name)));
  const half = (from: number) =>
    sql`coalesce(sum(('x' || substr(hash, ${sql.lit(from)}, 16))::bit(64)::int8::numeric), 0)::text`;
  const { rows } = await sql<{ rows: number; rowHash: string }>`
    select count(*)::int8 as rows, ${half(1)} || ' ' || ${half(17)} as "rowHash"
    from (select md5(row(${values})::text) as hash from ${sql.id(name)}) as hashed`.execute(db);
  return rows[0] ?? { rows: 0, rowHash: "" };
}

/** Whether the schema in force has any table, view or sequence. */
export async function isEmptySchema<Tables>(db: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from pg_class where relnamespace = current_schema()::regnamespace) as found`.execute(db);
  return rows[0]?.found === false;
}
