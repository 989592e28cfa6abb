import type { Kysely, Migration } from "kysely";

/**
 * A chunk's knowledge of its object's columns: the header, if the chunk begins with it, and columns without a value.
 */
export const columns: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable("import_chunk").addColumn("header", "jsonb").addColumn("empty", "jsonb").execute();
  },
};
