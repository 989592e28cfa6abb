import { sql, type Transaction } from "kysely";
import { findErrorCode } from "../../core/database/database";

/** A part of a page: its content, or why it has none. */
export type Section<Value> = { readonly value: Value } | { readonly failure: string };

const CANCELED = "57014";

/**
 * Reads the parts of a page one after the other in one snapshot. A part that fails, or runs out of time, does not
 * affect the others.
 */
export class SectionReader<Tables> {
  readonly #trx: Transaction<Tables>;
  readonly #until: number;
  readonly #onFailure: (section: string, error: unknown) => void;

  /**
   * @param timeLimitMs time limit of all parts together
   * @param onFailure called with the failure that the page shows in short
   */
  constructor(
    trx: Transaction<Tables>,
    timeLimitMs: number,
    onFailure: (section: string, error: unknown) => void = () => undefined,
  ) {
    this.#trx = trx;
    this.#until = performance.now() + timeLimitMs;
    this.#onFailure = onFailure;
  }

  async read<Value>(name: string, read: (trx: Transaction<Tables>) => Promise<Value>): Promise<Section<Value>> {
    const remaining = Math.floor(this.#until - performance.now());
    if (remaining < 1) return { failure: "The time for this page was over before this could be read." };
    await sql`savepoint section`.execute(this.#trx);
    try {
      await sql`select set_config('statement_timeout', ${String(remaining)}, true)`.execute(this.#trx);
      return { value: await read(this.#trx) };
    } catch (error) {
      // If the connection itself is lost, this fails, too, and so does the page.
      await sql`rollback to savepoint section`.execute(this.#trx);
      this.#onFailure(name, error);
      return { failure: describe(error) };
    }
  }
}

/** PostgreSQL's message may quote hidden values: the code is enough. */
function describe(error: unknown): string {
  const code = findErrorCode(error);
  if (code === CANCELED) return "This took longer than a page may take.";
  return `This could not be read${code === undefined ? "" : ` (${code})`}; the log says more.`;
}
