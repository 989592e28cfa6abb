import { type Kysely, type Migration, sql } from "kysely";

/** How many rows of a chunk its table's triggers dropped, and how many they changed. */
export const droppedRows: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable("import_chunk")
      .addColumn("dropped", "bigint", (column) => column.notNull().defaultTo(sql`0`))
      .addColumn("altered", "bigint", (column) => column.notNull().defaultTo(sql`0`))
      .execute();
  },
};
