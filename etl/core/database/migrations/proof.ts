import type { Kysely, Migration } from "kysely";

/** Which code ran, and the hash of the rows that it loaded; null in runs of before. */
export const proof: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable("etl_run").addColumn("code", "text").addColumn("result", "text").execute();
  },
};
