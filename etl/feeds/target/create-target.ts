import { type RawBuilder, sql } from "kysely";
import type { ColumnType } from "../../core/contract/column";
import type { Feed } from "../../core/contract/contract";
import { provenance } from "../../core/contract/schema/names";
import { listColumns } from "../../core/load/stage";

/**
 * The statement that creates a contract's table, with columns for its rows' origin; an existing table is left
 * unchanged.
 */
export function createTarget(contract: Feed): RawBuilder<unknown> {
  const columns = Object.entries(contract.columns).map(
    ([name, column]) =>
      sql`${sql.id(name)} ${sql.raw(sqlType(column))}${column.nullable === true ? sql`` : sql` not null`}`,
  );
  const origin = provenance.map((name) => sql`${sql.id(name)} bigint`);
  return sql`create table if not exists ${sql.table(contract.table)} (${sql.join([...columns, ...origin])}, primary key (${listColumns(contract.key)}))`;
}

/** Types that PostgreSQL's `format_type` writes differently. */
const WRITTEN: Partial<Readonly<Record<ColumnType["type"], string>>> = {
  timestamp: "timestamp without time zone",
  timestamptz: "timestamp with time zone",
  double: "double precision",
  json: "jsonb",
};

/** A column's type as PostgreSQL's `format_type` writes it. */
export function sqlType(column: ColumnType): string {
  if (column.type === "numeric") return `numeric(${column.precision},${column.scale})`;
  return WRITTEN[column.type] ?? column.type;
}
