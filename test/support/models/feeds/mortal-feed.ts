import type { Kysely, KyselyPlugin } from "kysely";
import type { Database } from "../../../../etl/core/database/database";
import type { FeedTables } from "../../../../etl/feeds/ledger/tables";

/** The process is dead: its transaction is rolled back. */
export class Killed extends Error {}

/**
 * A database whose user is killed after so many statements, and stays dead.
 *
 * @param statements of a transaction: the statement is executed, and its result never heard of
 */
export function killedAfter(database: Database<FeedTables>, statements: number): Database<FeedTables> {
  let left = statements;
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      left -= 1;
      if (left < 0) throw new Killed("killed");
      return result;
    },
  };
  const db: Kysely<FeedTables> = database.db.withPlugin(plugin);
  return { db, close: () => database.close() };
}
