import { type Kysely, type Migration, sql } from "kysely";
import { isLostConnection } from "../advice";
import { prepareReader } from "../reader";

/**
 * The role that reads. If the database does not allow us to create it, the migration succeeds anyway, and no pipeline
 * is affected: only readers get the error, and `prepareReader` tries again.
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
