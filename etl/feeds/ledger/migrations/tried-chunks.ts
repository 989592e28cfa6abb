import { type Kysely, type Migration, sql } from "kysely";

/** Which chunks a run began that have no end yet, and how often: what a function died of is found by it again. */
export const triedChunks: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable("import_run")
      .addColumn("tried", "jsonb", (column) => column.notNull().defaultTo(sql`'{}'::jsonb`))
      .execute();
  },
};
