import { ExponentialBackoff, handleWhen, retry } from "cockatiel";
import type { Kysely } from "kysely";
import { type Database, findErrorCode } from "./database";
import { isLostConnection } from "./database-advice";

/**
 * PostgreSQL asks for the whole transaction once more after a serialization failure or a deadlock, and somebody ended the
 * session (manual, appendix A).
 */
const ASKS_AGAIN = /^(40001|40P01|57P01)$/;

/** A database whose connection is opened anew where the old one was lost. */
export class LiveDatabase<Tables> implements Database<Tables> {
  readonly #given: Database<Tables>;
  #current: Database<Tables>;

  constructor(database: Database<Tables>) {
    this.#given = database;
    this.#current = database;
  }

  get db(): Kysely<Tables> {
    return this.#current.db;
  }

  /** Takes the place of the connection. @throws DatabaseError where there is no other, or it cannot be opened */
  async renew(): Promise<Kysely<Tables>> {
    const next = await this.#current.reopen?.();
    if (next === undefined) return this.db;
    const lost = this.#current;
    this.#current = next;
    if (lost !== this.#given) await lost.close().catch(() => undefined);
    return next.db;
  }

  /**
   * Runs work that may be done again as a whole, up to five times more with growing pauses, where PostgreSQL asks for it.
   *
   * @param alsoAgain further errors after which it may
   * @throws what the last try threw
   */
  async run<Result>(
    work: (db: Kysely<Tables>) => Promise<Result>,
    alsoAgain: (error: unknown) => boolean = () => false,
  ): Promise<Result> {
    const again = retry(
      handleWhen((error) => ASKS_AGAIN.test(findErrorCode(error) ?? "") || alsoAgain(error)),
      { maxAttempts: 5, backoff: new ExponentialBackoff({ initialDelay: 200, maxDelay: 5_000 }) },
    );
    let last: unknown;
    return again.execute(async () => {
      // That the server cannot be reached yet is not what made this necessary.
      if (isLostConnection(last)) {
        await this.renew().catch(() => {
          throw last;
        });
      }
      return work(this.db).catch((error: unknown) => {
        last = error;
        throw error;
      });
    });
  }

  /** Leaves the connection that it was given to who gave it. */
  async closeOpened(): Promise<void> {
    if (this.#current !== this.#given) await this.#current.close().catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.closeOpened();
    await this.#given.close();
  }
}
