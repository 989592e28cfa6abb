import { sql, type Transaction } from "kysely";
import { counted } from "../../core/counted";
import { findErrorCode } from "../../core/database/database";
import { MillraceError } from "../../core/errors";
import type { RangedObjects } from "../../core/objects/objects";
import type { FeedTables } from "../ledger/tables";
import type { FeedChunk } from "../run/events";

/**
 * The share of a call's time after which an object that cannot be cut is given up: the rest is for undoing it, and for
 * reporting it.
 */
const GIVEN_UP = 0.8;
/** `statement_timeout` and a user's cancel (PostgreSQL manual, appendix A). */
const CANCELLED = "57014";

/** An object that cannot be cut does not load within one call. */
export class TooLongError extends MillraceError {
  override readonly name = "TooLongError";

  /** @param isRead all rows were read: another session that held the table may have kept them from being written */
  constructor(
    {
      bytes,
      rows,
      seconds,
      source,
    }: { readonly bytes: number; readonly rows: number; readonly seconds: number; readonly source: string },
    readonly isRead: boolean,
  ) {
    super(
      "The object does not load in one call, and is of a kind that cannot be cut: packed, of another encoding than UTF-8, or with line breaks in quotes",
      {
        got: `${bytes} bytes, ${isRead ? "all" : "the first"} ${counted(rows, "row")} of it read in ${Math.round(seconds)} s`,
        expected: `an end within ${GIVEN_UP * 100}% of the function's time`,
        where: { source },
        fix: "Send it plain and in UTF-8, without line breaks in quotes, or as several objects; or give the function more memory, and with it more of a processor, and load everything again",
      },
    );
  }
}

/** The time of one call for an object that cannot be cut. */
export class CallTime {
  readonly #untilMs: number;
  readonly #began = performance.now();
  readonly #chunk: FeedChunk;
  readonly #source: string;

  constructor(chunk: FeedChunk, objects: Pick<RangedObjects, "locate">, remainingMs: number) {
    this.#chunk = chunk;
    this.#source = objects.locate(chunk.key);
    this.#untilMs = this.#began + remainingMs * GIVEN_UP;
  }

  /** @throws TooLongError if the time is over while its rows are read */
  check(rows: number): void {
    if (this.#isOver) throw this.#explain(rows, false);
  }

  /** Makes PostgreSQL end a statement of this transaction that takes longer. */
  async limit(trx: Transaction<FeedTables>, rows: number): Promise<void> {
    this.check(rows);
    const left = Math.ceil(this.#untilMs - performance.now());
    // PostgreSQL's maximum is 24 days.
    if (left < 2 ** 31)
      await sql`select set_config('statement_timeout', ${String(Math.max(1, left))}, true)`.execute(trx);
  }

  /** The statements after the writing are short. */
  async release(trx: Transaction<FeedTables>): Promise<void> {
    await sql`set local statement_timeout to default`.execute(trx);
  }

  /** The error to throw for an error of the writing. */
  explainWriting(error: unknown, rows: number): unknown {
    return this.#isOver && findErrorCode(error) === CANCELLED ? this.#explain(rows, true) : error;
  }

  get #isOver(): boolean {
    return performance.now() >= this.#untilMs;
  }

  #explain(rows: number, isRead: boolean): TooLongError {
    const seconds = (performance.now() - this.#began) / 1000;
    return new TooLongError({ bytes: this.#chunk.bytes, rows, seconds, source: this.#source }, isRead);
  }
}
