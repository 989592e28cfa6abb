import { type ColumnType, type Generated, type Kysely, sql } from "kysely";
import type { Migrations } from "../../core/migrate";
import type { CoreTables } from "../../core/tables";

/**
 * One version of an object that was ever planned. The newer of two is the one last modified later, then that of the greater
 * location, then that of the greater id.
 */
export interface ImportObjectTable {
  id: Generated<number>;
  /** The table that it is loaded into. */
  target: string;
  /** `s3://bucket/key`, or a path. */
  location: string;
  etag: string;
  last_modified: ColumnType<Date, Date | string>;
  bytes: number;
}

/** What a run set out to do; its id is that of `etl_run`. */
export interface ImportRunTable {
  run: string;
  contract: string;
  /** `s3://bucket/prefix`, or a folder. */
  source: string;
  objects: number;
  chunks: number;
  bytes: number;
  skipped: number;
}

/** The ledger of chunks: a row is written with the chunk's records, in one transaction. */
export interface ImportChunkTable {
  run: string;
  object: number;
  /** The chunk is `[first, past)`. */
  first: number;
  past: number;
  rows: Generated<number>;
  inserted: Generated<number>;
  updated: Generated<number>;
  unchanged: Generated<number>;
  superseded: Generated<number>;
  rejected: Generated<number>;
  seconds: Generated<number>;
  finished: Generated<Date>;
}

export interface ImportTables extends CoreTables {
  import_object: ImportObjectTable;
  import_run: ImportRunTable;
  import_chunk: ImportChunkTable;
}

export const importMigrations: Migrations = {
  "001-import-ledger": {
    async up(db: Kysely<unknown>): Promise<void> {
      await db.schema
        .createTable("import_object")
        .addColumn("id", "bigint", (column) => column.primaryKey().generatedAlwaysAsIdentity())
        .addColumn("target", "text", (column) => column.notNull())
        // Which of two locations is greater must not depend on the database's locale.
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
  },
};
