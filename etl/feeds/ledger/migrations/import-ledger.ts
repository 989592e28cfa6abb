import { type Kysely, type Migration, sql } from "kysely";

/** The ledger of objects, runs and chunks. */
export const importLedger: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable("import_object")
      .addColumn("id", "bigint", (column) => column.primaryKey().generatedAlwaysAsIdentity())
      .addColumn("target", "text", (column) => column.notNull())
      // The order of locations must not depend on the database's locale.
      .addColumn("location", sql`text collate "C"`, (column) => column.notNull())
      .addColumn("etag", "text", (column) => column.notNull())
      .addColumn("last_modified", "timestamptz", (column) => column.notNull())
      .addColumn("bytes", "bigint", (column) => column.notNull())
      .addUniqueConstraint("import_object_version", ["target", "location", "etag"])
      .execute();
    await db.schema
      .createTable("import_run")
      .addColumn("run", "uuid", (column) => column.primaryKey().references("etl_run.id"))
      .addColumn("contract", "text", (column) => column.notNull())
      .addColumn("source", "text", (column) => column.notNull())
      .addColumn("objects", "bigint", (column) => column.notNull())
      .addColumn("chunks", "bigint", (column) => column.notNull())
      .addColumn("bytes", "bigint", (column) => column.notNull())
      .addColumn("skipped", "bigint", (column) => column.notNull())
      .execute();
    await db.schema
      .createTable("import_chunk")
      .addColumn("run", "uuid", (column) => column.notNull().references("import_run.run"))
      .addColumn("object", "bigint", (column) => column.notNull().references("import_object.id"))
      .addColumn("first", "bigint", (column) => column.notNull())
      .addColumn("past", "bigint", (column) => column.notNull())
      .addColumn("rows", "bigint", (column) => column.notNull().defaultTo(0))
      .addColumn("inserted", "bigint", (column) => column.notNull().defaultTo(0))
      .addColumn("updated", "bigint", (column) => column.notNull().defaultTo(0))
      .addColumn("unchanged", "bigint", (column) => column.notNull().defaultTo(0))
      .addColumn("superseded", "bigint", (column) => column.notNull().defaultTo(0))
      .addColumn("rejected", "bigint", (column) => column.notNull().defaultTo(0))
      .addColumn("seconds", "double precision", (column) => column.notNull().defaultTo(0))
      .addColumn("finished", "timestamptz", (column) => column.notNull().defaultTo(sql`clock_timestamp()`))
      .addPrimaryKeyConstraint("import_chunk_range", ["run", "object", "first"])
      .execute();
    await db.schema.createIndex("import_chunk_object").on("import_chunk").column("object").execute();
  },
};
