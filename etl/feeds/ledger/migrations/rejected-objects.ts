import { type Kysely, type Migration, sql } from "kysely";

/**
 * Objects that are not read again, and why; the contract that loaded a chunk; the kind of an object. Chunks that
 * earlier versions left to be read again, because they were rejected in a failed run, are still read again.
 */
export const rejectedObjects: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await db.schema
      .alterTable("import_object")
      .addColumn("kind", "text", (column) =>
        column.notNull().defaultTo("object").check(sql`kind in ('object', 'mended', 'restored')`),
      )
      .addColumn("rejected_since", "timestamptz")
      .addColumn("rejected_by", "uuid")
      .addColumn("rejected_reason", "text")
      .addColumn("rejected_fingerprint", "text")
      .execute();
    await sql`create index import_object_rejected_by on import_object (rejected_by) where rejected_by is not null`.execute(
      db,
    );
    await db.schema
      .alterTable("import_run")
      .addColumn("fingerprint", "text")
      .addColumn("notes", "jsonb", (column) => column.notNull().defaultTo(sql`'[]'::jsonb`))
      .execute();
    await db.schema.alterTable("import_chunk").addColumn("fingerprint", "text").addColumn("refused", "text").execute();
    await sql`update import_chunk c set lost = true from import_run i join etl_run r on r.id = i.run
      where i.run = coalesce(c.counted_in, c.run) and i.judged and r.status = 'failed' and c.rejected > 0 and not c.lost`.execute(
      db,
    );
  },
};
