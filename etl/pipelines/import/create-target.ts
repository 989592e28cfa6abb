import { type RawBuilder, sql } from "kysely";
import { listColumns } from "../../core/load/stage";
import type { ColumnType, ImportContract } from "./contract";
import { provenance } from "./provenance";

/** The statement that makes the table of a contract, with where its rows come from; one that is there is left as it is. */
export function createTarget(contract: ImportContract): RawBuilder<unknown> {
  const columns = Object.entries(contract.columns).map(
    ([name, column]) =>
      sql`${sql.id(name)} ${sql.raw(sqlType(column))}${column.nullable === true ? sql`` : sql` not null`}`,
  );
  const origin = provenance.map((name) => sql`${sql.id(name)} bigint`);
  return sql`create table if not exists ${sql.table(contract.table)} (${sql.join([...columns, ...origin])}, primary key (${listColumns(contract.key)}))`;
}

/** A column's type as PostgreSQL's `format_type` writes it. */
export function sqlType(column: ColumnType): string {
  if (column.type === "timestamptz") return "timestamp with time zone";
  return column.type === "numeric" ? `numeric(${column.precision},${column.scale})` : column.type;
}
