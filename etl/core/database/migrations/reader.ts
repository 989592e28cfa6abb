import { type Kysely, type Migration, sql } from "kysely";
import { isLostConnection } from "../advice";
import { prepareReader } from "../reader";

/**
 * The role that reads. Where the database does not let us make it, the migration is done all the same, and no pipeline
 * suffers: who wants to read is told then, and `prepareReader` tries again.
 */
export const reader: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    await sql`savepoint reader`.execute(db);
    try {
      const { rows } = await sql<{ schema: string }>`select current_schema()::text as schema`.execute(db);
      await prepareReader(db, rows[0]?.schema ?? "public");
    } catch (error) {
      if (isLostConnection(error)) throw error;
      await sql`rollback to savepoint reader`.execute(db);
    }
    await sql`release savepoint reader`.execute(db);
  },
};
