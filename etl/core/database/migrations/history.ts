import { type Kysely, type Migration, sql } from "kysely";
import { isLostConnection } from "../advice";
import { AS_OF } from "./as-of";

/**
 * What it takes to go back: the loads in their order, the keys that each inserted, and the rows that an undo removed. No foreign keys, for
 * the reason of `revision`.
 */
export const history: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .createTable("load_history")
      .addColumn("id", "bigint", (column) => column.primaryKey().generatedAlwaysAsIdentity())
      .addColumn("run", "uuid", (column) => column.notNull())
      .addColumn("table_name", "text", (column) => column.notNull())
      .addColumn("key", sql`text[]`, (column) => column.notNull())
      .addColumn("kept", "text", (column) => column.notNull().check(sql`kept in ('full', 'changes', 'none')`))
      .addColumn("started", "timestamptz", (column) => column.notNull().defaultTo(sql`clock_timestamp()`))
      .addColumn("finished", "timestamptz")
      .addColumn("xid", "bigint")
      .execute();
    await db.schema.createIndex("load_history_table").on("load_history").columns(["table_name", "id"]).execute();
    await db.schema.createIndex("load_history_run").on("load_history").column("run").execute();
    await db.schema
      .createTable("inserted_key")
      .addColumn("load", "bigint", (column) => column.notNull())
      .addColumn("part", "integer", (column) => column.notNull())
      .addColumn("place", "integer", (column) => column.notNull())
      .addColumn("integers", sql`bigint[]`)
      .addColumn("days", sql`date[]`)
      .addColumn("texts", sql`text[]`)
      .addPrimaryKeyConstraint("inserted_key_part", ["load", "part", "place"])
      .execute();
    await db.schema
      .createTable("removed_row")
      .addColumn("id", "bigint", (column) => column.primaryKey().generatedAlwaysAsIdentity())
      .addColumn("load", "bigint", (column) => column.notNull())
      .addColumn("key", "jsonb", (column) => column.notNull())
      .addColumn("row", "jsonb", (column) => column.notNull())
      .execute();
    await db.schema.createIndex("removed_row_load").on("removed_row").column("load").execute();
    await db.schema.alterTable("revision").addColumn("load", "bigint").execute();
    await db.schema.alterTable("etl_run").addColumn("removed", "bigint").addColumn("undoes", sql`uuid[]`).execute();
    await compressQuickly(db);
    for (const statement of AS_OF) await sql.raw(statement).execute(db);
  },
};

/** A quarter of the time, where PostgreSQL was built with it: PGlite was not. */
async function compressQuickly(db: Kysely<unknown>): Promise<void> {
  await sql`savepoint compression`.execute(db);
  try {
    for (const column of ["integers", "days", "texts"]) {
      await sql`alter table inserted_key alter column ${sql.id(column)} set compression lz4`.execute(db);
    }
  } catch (error) {
    if (isLostConnection(error)) throw error;
    await sql`rollback to savepoint compression`.execute(db);
  }
  await sql`release savepoint compression`.execute(db);
}
