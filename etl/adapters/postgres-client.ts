import { pipeline } from "node:stream/promises";
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from "kysely";
import type { Client } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { type CopyRows, findCopyRows } from "../core/database";
import { type DatabaseName, explainDatabaseError } from "./postgres-errors";

/**
 * One connection in the shape of the pool that Kysely asks for: whoever connects second waits until the first
 * releases. A lost connection is never replaced, because locks and transactions die with it: every later statement
 * is refused.
 */
export class SingleConnection implements PostgresPool {
  readonly #client: Client;
  readonly #name: DatabaseName;
  #free: Promise<void> = Promise.resolve();

  constructor(client: Client, name: DatabaseName) {
    this.#client = client;
    this.#name = name;
    // Without a listener Node would end the process when the server closes an idle connection. The statement in
    // flight, or the next one, is refused by the client and tells the story.
    client.on("error", () => undefined);
  }

  async connect(): Promise<PostgresPoolClient> {
    const before = this.#free;
    let release = (): void => undefined;
    this.#free = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    return new CopyingClient(this.#client, this.#name, release);
  }

  async end(): Promise<void> {
    await this.#client.end();
  }
}

/** Runs statements, and streams the rows of a COPY statement that has any. */
class CopyingClient implements PostgresPoolClient {
  readonly #client: Client;
  readonly #name: DatabaseName;
  readonly release: () => void;

  constructor(client: Client, name: DatabaseName, release: () => void) {
    this.#client = client;
    this.#name = name;
    this.release = release;
  }

  query<R>(text: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(text: string | PostgresCursor<R>, parameters: readonly unknown[] = []): unknown {
    if (typeof text !== "string") throw new TypeError("this connection has no cursors");
    const rows = findCopyRows(parameters);
    return rows === undefined ? this.#run(text, parameters) : this.#copy(text, rows);
  }

  async #run(text: string, parameters: readonly unknown[]): Promise<unknown> {
    try {
      return await this.#client.query(text, [...parameters]);
    } catch (error) {
      throw explainDatabaseError(error, this.#name);
    }
  }

  async #copy(text: string, rows: CopyRows): Promise<unknown> {
    let broken: { readonly error: unknown } | undefined;
    async function* watched(): CopyRows {
      try {
        yield* rows;
      } catch (error) {
        broken = { error };
        throw error;
      }
    }
    try {
      const stream = this.#client.query(copyFrom(text));
      await pipeline(watched, stream);
      return { command: "COPY", rowCount: stream.rowCount, rows: [] };
    } catch (error) {
      throw broken === undefined ? explainDatabaseError(error, this.#name) : broken.error;
    }
  }
}
