import { ExponentialBackoff, handleWhen, retry } from "cockatiel";
import type { Kysely } from "kysely";
import { inTime, OutOfTimeError } from "../in-time";
import { asksAgain, isLostConnection } from "./advice";
import type { Database } from "./database";

/** Time for another try: to connect, to report its failure, and the pause before. */
const ENOUGH_MS = 20_000;

export interface LiveOptions {
  /** The remaining time of this process, if limited: with less than a try needs, nothing is tried again. */
  readonly remainingMs?: () => number;
}

/** A database whose connection is opened again if it was lost. */
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

  /** Sets up the session now, and again for each connection that replaces a lost one: for example a lock. */
  async inEachSession(begin: (db: Kysely<Tables>) => Promise<void>): Promise<void> {
    this.#begin = begin;
    await this.run(begin, isLostConnection);
  }

  get db(): Kysely<Tables> {
    return this.#current.db;
  }

  /** Replaces the connection. @throws DatabaseError if there is no other, or it cannot be opened */
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
   * Runs work that can be repeated as a whole, up to five times more with growing pauses, if PostgreSQL asks for it.
   *
   * @param alsoAgain further errors after which it may be repeated
   * @throws the last try's error
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
      // "Cannot be reached yet" is not the original reason.
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
   * Gives up work while there is time left to record it, over another connection, since the work may still use this
   * one.
   *
   * @throws OutOfTimeError if the process's own end was near
   */
  async inTime<Result>(work: () => Promise<Result>): Promise<Result> {
    return inTime(this.#remainingMs, work).catch((error: unknown) => {
      if (error instanceof OutOfTimeError) this.#isLost = true;
      throw error;
    });
  }

  /** Leaves the given connection to the caller. */
  async closeOpened(): Promise<void> {
    if (this.#current !== this.#given) await this.#current.close().catch(() => undefined);
  }

  /** Bound, like that of every other database: `finally(database.close)`. */
  readonly close = async (): Promise<void> => {
    await this.closeOpened();
    await this.#given.close();
  };
}
