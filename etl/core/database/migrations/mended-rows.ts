import { type Kysely, type Migration, sql } from "kysely";

/**
 * Which rejected rows were mended, and by whom; and the header of each source that has any, so that they can be shown in its columns. No
 * foreign keys: the note of a mended row stays when the row itself is deleted by its age.
 */
export const mendedRows: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable("etl_run").addColumn("mended_by", "text").execute();
    await db.schema
      .createTable("mended_row")
      .addColumn("rejected", "bigint", (column) => column.primaryKey())
      .addColumn("run", "uuid", (column) => column.notNull())
      .addColumn("superseded", "boolean", (column) => column.notNull().defaultTo(sql`false`))
      .execute();
    await db.schema.createIndex("mended_row_run").on("mended_row").column("run").execute();
    await db.schema
      .createTable("rejected_header")
      .addColumn("run", "uuid", (column) => column.notNull())
      .addColumn("source", "text", (column) => column.notNull())
      .addColumn("header", "jsonb", (column) => column.notNull())
      .addPrimaryKeyConstraint("rejected_header_source", ["run", "source"])
      .execute();
  },
};
