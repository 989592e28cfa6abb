import { type Kysely, sql } from "kysely";
import type { CoreTables } from "../../core/database/tables";
import type { TableColumn, TableShape } from "./catalogue";
import { findDayColumn } from "./read-by-day";

/** The newest rows of a table, each value in PostgreSQL's text form, cut. */
export interface NewestRows {
  readonly columns: readonly Pick<TableColumn, "name" | "kind">[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** The columns that they are sorted by, the greatest first; empty if the table has none that orders them. */
  readonly order: readonly string[];
  /** The number of columns that do not fit on the page. */
  readonly leftOut: number;
}

const LIMITS = { rows: 25, columns: 20, characters: 200 } as const;

/** @param shape without hidden columns */
export async function readNewestRows(db: Kysely<CoreTables>, shape: TableShape): Promise<NewestRows> {
  const shown = shape.columns.slice(0, LIMITS.columns);
  const day = findDayColumn(shape.columns);
  const key = shape.columns.filter(({ isKey, name }) => isKey && name !== day?.name);
  const order = [...(day === undefined ? [] : [day]), ...key].map(({ name }) => name);
  if (shown.length === 0) return { columns: [], rows: [], order, leftOut: 0 };
  const cells = shown.map(({ name }) => sql`left(${sql.id(name)}::text, ${sql.lit(LIMITS.characters + 1)})`);
  const sorting = order.map((name) => sql`${sql.id("t", name)} desc nulls last`);
  const { rows } = await sql<{ cells: (string | null)[] }>`
    select jsonb_build_array(${sql.join(cells)}) as cells from ${sql.id(shape.schema, shape.table)} as t
    ${sorting.length === 0 ? sql`` : sql`order by ${sql.join(sorting)}`} limit ${sql.lit(LIMITS.rows)}`.execute(db);
  return {
    columns: shown.map(({ name, kind }) => ({ name, kind })),
    rows: rows.map((row) => row.cells.map(cut)),
    order,
    leftOut: shape.columns.length - shown.length,
  };
}

function cut(text: string | null): string | null {
  const characters = [...(text ?? "")];
  return characters.length > LIMITS.characters ? `${characters.slice(0, LIMITS.characters).join("")}…` : text;
}
