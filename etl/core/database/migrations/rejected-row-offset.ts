import type { Kysely, Migration } from "kysely";

/** A row of an object that is read in parts is found by its byte; nobody counted its lines. */
export const rejectedRowOffset: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable("rejected_row")
      .addColumn("byte_offset", "bigint")
      .alterColumn("line", (column) => column.dropNotNull())
      .execute();
  },
};
