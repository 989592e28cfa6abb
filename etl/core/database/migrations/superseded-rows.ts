import type { Kysely, Migration } from "kysely";

/** How many rows gave way to newer ones; null in runs of before, which counted them as unchanged. */
export const supersededRows: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable("etl_run").addColumn("superseded", "bigint").execute();
  },
};
