import { ExponentialBackoff, handleWhen, retry } from "cockatiel";
import type { Kysely } from "kysely";
import { inTime, OutOfTimeError } from "../in-time";
import { asksAgain, isLostConnection } from "./advice";
import type { Database } from "./database";

/** What another try may take: to connect, to be told of its failure, and the pause before. */
const ENOUGH_MS = 20_000;

export interface LiveOptions {
  /** What this process has left, where something ends it: with less than a try may take, nothing is tried again. */
  readonly remainingMs?: () => number;
}

/** A database whose connection is opened anew where the old one was lost. */
export class LiveDatabase<Tables> implements Database<Tables> {
  readonly #given: Database<Tables>;
  readonly #remainingMs: () => number;
  #current: Database<Tables>;
  #isLost = false;
  #begin: (db: Kysely<Tables>) => Promise<void> = async () => undefined;

  constructor(database: Database<Tables>, { remainingMs = () => Number.POSITIVE_INFINITY }: LiveOptions = {}) {
    this.#given = database;
    this.#current = database;
    this.#remainingMs = remainingMs;
  }

  /** Does now, and for each connection that takes the place of a lost one, what belongs to a session: a lock, say. */
  async inEachSession(begin: (db: Kysely<Tables>) => Promise<void>): Promise<void> {
    this.#begin = begin;
    await this.run(begin, isLostConnection);
  }

  get db(): Kysely<Tables> {
    return this.#current.db;
  }

  /** Takes the place of the connection. @throws DatabaseError where there is no other, or it cannot be opened */
  async renew(): Promise<Kysely<Tables>> {
    const next = await this.#current.reopen?.();
    if (next === undefined) {
      this.#isLost = false;
      return this.db;
    }
    const lost = this.#current;
    this.#current = next;
    if (lost !== this.#given) await lost.close().catch(() => undefined);
    await this.#begin(next.db);
    this.#isLost = false;
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
      handleWhen((error) => (asksAgain(error) || alsoAgain(error)) && this.#remainingMs() > ENOUGH_MS),
      { maxAttempts: 5, backoff: new ExponentialBackoff({ initialDelay: 200, maxDelay: 5_000 }) },
    );
    let last: unknown;
    return again.execute(async () => {
      // That the server cannot be reached yet is not what made this necessary.
      if (this.#isLost) {
        await this.renew().catch((error: unknown) => {
          throw last ?? error;
        });
      }
      return work(this.db).catch((error: unknown) => {
        last = error;
        this.#isLost = isLostConnection(error);
        throw error;
      });
    });
  }

  /**
   * Gives work up while there is time left to tell it, over another connection, as the work may still hold this one.
   *
   * @throws OutOfTimeError where the process's own end was near
   */
  async inTime<Result>(work: () => Promise<Result>): Promise<Result> {
    return inTime(this.#remainingMs, work).catch((error: unknown) => {
      if (error instanceof OutOfTimeError) this.#isLost = true;
      throw error;
    });
  }

  /** Leaves the connection that it was given to who gave it. */
  async closeOpened(): Promise<void> {
    if (this.#current !== this.#given) await this.#current.close().catch(() => undefined);
  }

  /** Bound, as that of every other database is: `finally(database.close)`. */
  readonly close = async (): Promise<void> => {
    await this.closeOpened();
    await this.#given.close();
  };
}
