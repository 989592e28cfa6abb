import { type Kysely, type Migration, sql } from "kysely";

/** The chunks that a run began and has not ended, and how often: so a chunk that killed a function is recognised. */
export const triedChunks: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable("import_run")
      .addColumn("tried", "jsonb", (column) => column.notNull().defaultTo(sql`'{}'::jsonb`))
      .execute();
  },
};
