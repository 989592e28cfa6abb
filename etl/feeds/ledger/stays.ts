import { type RawBuilder, sql } from "kysely";
import { counted } from "../../core/counted";

/** The rows of a rejected object that are in the table. */
export interface Stays {
  /** Rows of its other parts, if it was cut. */
  readonly partRows: number;
  /** Whether it, or another version at its location, was loaded before. */
  readonly wasLoaded: boolean;
}

/** As columns of a query of `import_object o`. */
export function selectStays(): RawBuilder<unknown> {
  return sql`(select coalesce(sum(c.rows - c.rejected), 0)::float8 from import_chunk c where c.object = o.id and not c.lost
      and exists (select from import_chunk bad where bad.object = o.id and bad.refused is not null)) as "partRows",
    exists (select from import_object e join import_chunk c on c.object = e.id
      where e.target = o.target and e.location = o.location and c.rows > c.rejected
        and (e.id <> o.id or c.lost)) as "wasLoaded"`;
}

/** The reason why an object is rejected, with its rows that are nevertheless in the table. */
export function withStays(reason: string, { partRows, wasLoaded }: Stays): string {
  if (partRows > 0)
    return `${reason}. ${counted(partRows, "row of its other parts is", "rows of its other parts are")} loaded, and ${partRows === 1 ? "stays" : "stay"}`;
  return wasLoaded ? `${reason}. What was loaded of it before stays` : reason;
}
