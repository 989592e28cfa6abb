import { type Kysely, type Migration, sql } from "kysely";

/** The run ledger, the revisions and the rejected rows: the tables of {@link CoreTables}. */
export const runLedger: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable("etl_run")
      .addColumn("id", "uuid", (column) => column.primaryKey())
      .addColumn("pipeline", "text", (column) => column.notNull())
      .addColumn("status", "text", (column) =>
        column.notNull().check(sql`status in ('running', 'succeeded', 'failed', 'dry-run')`),
      )
      .addColumn("started", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
      .addColumn("finished", "timestamptz")
      .addColumn("inserted", "bigint")
      .addColumn("updated", "bigint")
      .addColumn("unchanged", "bigint")
      .addColumn("rejected", "bigint")
      .addColumn("sources", "jsonb", (column) => column.notNull().defaultTo(sql`'[]'::jsonb`))
      .addColumn("warnings", "jsonb", (column) => column.notNull().defaultTo(sql`'[]'::jsonb`))
      .addColumn("error", "text")
      .execute();
    await db.schema.createIndex("etl_run_pipeline_started").on("etl_run").columns(["pipeline", "started"]).execute();
    await db.schema
      .createTable("revision")
      .addColumn("id", "bigint", (column) => column.primaryKey().generatedAlwaysAsIdentity())
      // No foreign key: its check costs a trigger for each of perhaps millions of revisions, and no run is ever deleted.
      .addColumn("run", "uuid", (column) => column.notNull())
      .addColumn("table_name", "text", (column) => column.notNull())
      .addColumn("key", "jsonb", (column) => column.notNull())
      .addColumn("before", "jsonb", (column) => column.notNull())
      .addColumn("after", "jsonb", (column) => column.notNull())
      .execute();
    await db.schema.createIndex("revision_run").on("revision").column("run").execute();
    await db.schema
      .createTable("rejected_row")
      .addColumn("id", "bigint", (column) => column.primaryKey().generatedAlwaysAsIdentity())
      .addColumn("run", "uuid", (column) => column.notNull().references("etl_run.id"))
      .addColumn("source", "text", (column) => column.notNull())
      .addColumn("line", "bigint", (column) => column.notNull())
      .addColumn("reason", "text", (column) => column.notNull())
      .addColumn("raw", "text", (column) => column.notNull())
      .execute();
    await db.schema.createIndex("rejected_row_run").on("rejected_row").column("run").execute();
  },
};
