import { type Kysely, type Migration, sql } from "kysely";

/**
 * A run has the name of its feed (before, the runs of all feeds were named `import`) and a lease; a run that was
 * started while it was alive has requested another listing.
 */
export const runsOfFeeds: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`update etl_run set pipeline = import_run.contract
      from import_run where import_run.run = etl_run.id and etl_run.pipeline = 'import'`.execute(db);
    await db.schema
      .alterTable("import_run")
      .addColumn("scope", "text")
      .addColumn("planned", "boolean", (column) => column.notNull().defaultTo(false))
      // A run that the previous version began meanwhile has one, too.
      .addColumn("alive_until", "timestamptz", (column) =>
        column.notNull().defaultTo(sql`clock_timestamp() + interval '1 hour'`),
      )
      .execute();
    await sql`update import_run i set alive_until = interval '1 hour' + greatest(r.started,
        (select max(c.finished) from import_chunk c where c.run = i.run))
      from etl_run r where r.id = i.run`.execute(db);
    await db.schema
      .createTable("import_request")
      .addColumn("feed", "text", (column) => column.notNull())
      .addColumn("scope", "text", (column) => column.notNull())
      .addColumn("requested_at", "timestamptz", (column) => column.notNull().defaultTo(sql`clock_timestamp()`))
      .addPrimaryKeyConstraint("import_request_scope", ["feed", "scope"])
      .execute();
  },
};
