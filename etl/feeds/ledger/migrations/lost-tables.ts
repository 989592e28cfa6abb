import { type Kysely, type Migration, sql } from "kysely";

/** The table that a ledger belongs to, and the chunks that were lost with an earlier table. */
export const lostTables: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable("import_target")
      .addColumn("target", "text", (column) => column.primaryKey())
      .addColumn("oid", "bigint", (column) => column.notNull())
      .execute();
    await db.schema
      .alterTable("import_chunk")
      .addColumn("lost", "boolean", (column) => column.notNull().defaultTo(sql`false`))
      .execute();
  },
};
