import { type Kysely, type Migration, sql } from "kysely";

/** Which table it is that a ledger speaks of, and which of its chunks were lost with a table before. */
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
