import type { Kysely, Migration } from "kysely";

/** Which code loaded a chunk, and the hash of its rows; null in chunks of before. */
export const proof: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable("import_chunk").addColumn("code", "text").addColumn("result", "text").execute();
  },
};
