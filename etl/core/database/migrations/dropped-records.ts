import type { Kysely, Migration } from "kysely";

/** How many records the target's triggers dropped; null in runs of before, which counted them as unchanged. */
export const droppedRecords: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema.alterTable("etl_run").addColumn("dropped", "bigint").execute();
  },
};
