import { type Kysely, type Migration, sql } from "kysely";

/**
 * The run that counts the chunks of a run that did not end. Rejected rows of earlier runs were compared with the limit
 * when those runs ended.
 */
export const unendedRuns: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable("import_run")
      .addColumn("attended", "boolean", (column) => column.notNull().defaultTo(false))
      .addColumn("judged", "boolean", (column) => column.notNull().defaultTo(false))
      .execute();
    await sql`update import_run set judged = true
      from etl_run where etl_run.id = import_run.run and etl_run.status <> 'running'`.execute(db);
    await db.schema.alterTable("import_chunk").addColumn("counted_in", "uuid").execute();
    await sql`create index import_chunk_counted_in on import_chunk (counted_in) where counted_in is not null`.execute(
      db,
    );
  },
};
