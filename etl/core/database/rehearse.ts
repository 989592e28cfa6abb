import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type Transaction,
} from "kysely";
import type { Database } from "./database";

/**
 * Does work that writes, migrations and all, and leaves nothing of it but gaps in the numbers of sequences: it is given a database whose
 * transactions are savepoints of one that is rolled back. Until the work is done, locks that it takes are held.
 *
 * @throws the work's error
 */
export async function rehearse<Tables, Result>(
  { db }: Database<Tables>,
  work: (rehearsed: Database<Tables>) => Promise<Result>,
): Promise<Result> {
  const trx = await db.startTransaction().execute();
  try {
    return await work({ db: nestIn(trx), close: async () => undefined });
  } finally {
    // A fault of the connection was already reported by the work.
    await trx
      .rollback()
      .execute()
      .catch(() => undefined);
  }
}

/**
 * Like {@link rehearse}, but the work's changes stay: all of them, or none if the work throws.
 *
 * @throws the work's error
 */
export async function doAtOnce<Tables, Result>(
  { db }: Database<Tables>,
  work: (within: Database<Tables>) => Promise<Result>,
): Promise<Result> {
  return db.transaction().execute((trx) => work({ db: nestIn(trx), close: async () => undefined }));
}

/** Kysely within a transaction, whose own transactions are savepoints. */
function nestIn<Tables>(trx: Transaction<Tables>): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new SavepointDriver(trx as Transaction<unknown>),
      createIntrospector: (db) => new PostgresIntrospector(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
}

const SAVEPOINT = "millrace_nested";

/** One connection, used by turns, like that of the database itself. */
class SavepointDriver implements Driver {
  readonly #connection: DatabaseConnection;
  #isFree: Promise<void> = Promise.resolve();
  #release: () => void = () => undefined;

  constructor(trx: Transaction<unknown>) {
    this.#connection = {
      executeQuery: (query) => trx.executeQuery(query) as never,
      streamQuery: () => {
        throw new Error("a rehearsal streams no results");
      },
    };
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#isFree;
    let release = () => {};
    this.#isFree = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    this.#release = release;
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {
    this.#release();
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`savepoint ${SAVEPOINT}`));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`release savepoint ${SAVEPOINT}`));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`rollback to savepoint ${SAVEPOINT}`));
    await this.commitTransaction(connection);
  }

  async destroy(): Promise<void> {}
}
