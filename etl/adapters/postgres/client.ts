import { pipeline } from "node:stream/promises";
import { setImmediate as whatCame } from "node:timers/promises";
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from "kysely";
import type { Client } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { type CopyRows, findCopyRows, findErrorCode } from "../../core/database/database";
import type { MillraceError } from "../../core/errors";
import { type DatabaseName, explainDatabaseError } from "./errors";
import { type Silence, type Waiting, within } from "./silence";

/** Errors after which the connection ends: terminated, crashed, shutting down, idle for too long, given up. */
const FATAL = /^(57P0[1235]|25P03|ETIMEDOUT|ETIME)$/;

function isFatal(error: unknown): boolean {
  return FATAL.test(findErrorCode(error) ?? "");
}

/** Time limit for a server to close the connection. */
const LEAVE_MS = 2_000;

/**
 * One connection with the interface of the pool that Kysely expects: a second caller waits until the first releases it.
 * A lost connection is never replaced, because locks and transactions are lost with it: every later statement is
 * refused.
 */
export class SingleConnection implements PostgresPool {
  readonly #client: Client;
  readonly #explain: (error: unknown) => MillraceError;
  #free: Promise<void> = Promise.resolve();

  readonly #silence: Silence;

  constructor(client: Client, name: DatabaseName, silence: Silence) {
    this.#client = client;
    this.#silence = silence;
    // The error that ended the connection; later statements, for example a rollback, would only say that there is none.
    let fatal: unknown;
    this.#explain = (error) => {
      // Prefers the server's own message, in any order: `write EPIPE` explains nothing.
      if (isFatal(error) && !isFatal(fatal)) fatal = error;
      return explainDatabaseError(fatal ?? error, name);
    };
    // Without a listener, Node ends the process when the server closes an idle connection.
    client.on("error", (error) => {
      if (fatal === undefined || (isFatal(error) && !isFatal(fatal))) fatal = error;
    });
  }

  async connect(): Promise<PostgresPoolClient> {
    const before = this.#free;
    let release = (): void => undefined;
    this.#free = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    return new CopyingClient(this.#client, this.#silence, this.#explain, release);
  }

  async end(): Promise<void> {
    await within(this.#client, LEAVE_MS, this.#client.end()).catch(() => undefined);
  }
}

/** Runs statements, and streams the rows of a COPY statement, if it has any. */
class CopyingClient implements PostgresPoolClient {
  readonly #client: Client;
  readonly #silence: Silence;
  readonly #explain: (error: unknown) => MillraceError;
  readonly release: () => void;

  constructor(client: Client, silence: Silence, explain: (error: unknown) => MillraceError, release: () => void) {
    this.#client = client;
    this.#silence = silence;
    this.#explain = explain;
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
      return await this.#silence.bound(this.#client.query(text, [...parameters]));
    } catch (error) {
      throw this.#explain(error);
    }
  }

  async #copy(text: string, rows: CopyRows): Promise<unknown> {
    let broken: { readonly error: unknown } | undefined;
    const waiting: Waiting = { progress: 0, isItsTurn: false, bytes: 0 };
    async function* watched(): CopyRows {
      try {
        for await (const buffer of rows) {
          waiting.bytes += buffer.length;
          waiting.isItsTurn = true;
          // Writing to a server that has closed the connection loses its last message, so that is read first.
          await whatCame();
          yield buffer;
          waiting.isItsTurn = false;
          waiting.progress += 1;
        }
        waiting.isItsTurn = true;
      } catch (error) {
        broken = { error };
        throw error;
      }
    }
    try {
      const stream = this.#client.query(copyFrom(text));
      await this.#silence.bound(pipeline(watched, stream), waiting);
      return { command: "COPY", rowCount: stream.rowCount, rows: [] };
    } catch (error) {
      throw broken === undefined ? this.#explain(error) : broken.error;
    }
  }
}
