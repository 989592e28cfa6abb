type Phase = "tables" | "commit" | "done";

/** What an import leaves if it is stopped. */
export class ImportStop {
  readonly #rehearse: boolean;
  readonly #ledger: string | undefined;
  #phase: Phase = "tables";

  /** @param ledger the DynamoDB table that is restored, if one is */
  constructor(rehearse: boolean, ledger: string | undefined) {
    this.#rehearse = rehearse;
    this.#ledger = ledger;
  }

  /** The commit is that of all tables. */
  begins(phase: Phase): void {
    this.#phase = phase;
  }

  tell(): string {
    if (this.#rehearse) return "Stopped. It was a rehearsal: nothing was kept";
    const items = this.#ledger === undefined ? "" : `; items that are in ${this.#ledger} stay`;
    return {
      tables: `Stopped: no table was restored${items}. The same command goes on`,
      commit: `Stopped during the commit: all tables are restored or none${items}. The same command refuses a database that has them`,
      done: `Stopped when all was done: all tables are restored${items}`,
    }[this.#phase];
  }
}
