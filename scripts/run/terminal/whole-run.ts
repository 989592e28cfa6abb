import type { Database } from "../../../etl/core/database/database";
import { LiveDatabase } from "../../../etl/core/database/live-database";
import { rehearse } from "../../../etl/core/database/rehearse";
import { onStop } from "../on-stop";
import { openDatabase } from "../open-database";
import { stopToJson } from "../run-json";

interface WholeRunOptions {
  readonly pipeline: string;
  /** What the run does: `undone`, `mended`. */
  readonly done: string;
  readonly dryRun: boolean;
  readonly json?: boolean;
}

/** A run that is one transaction, and what it leaves if it is stopped by Ctrl-C or SIGTERM. */
export class WholeRun {
  readonly #options: WholeRunOptions;
  #run: string | null = null;
  #isEnded = false;

  constructor(options: WholeRunOptions) {
    this.#options = options;
  }

  /**
   * Does the work in the database, without the commit in a dry run, and tells the user if it is stopped.
   *
   * @throws DatabaseError if there is no such database, or the work's error
   */
  async doIn<Tables, Report extends { readonly runId: string | null }>(
    databaseUrl: string | undefined,
    work: (database: LiveDatabase<Tables>) => Promise<Report>,
  ): Promise<Report> {
    const release = this.#awaitStop();
    const doLive = async (database: Database<Tables>) => {
      const live = new LiveDatabase(database);
      const report = await work(live).finally(() => live.closeOpened());
      this.ended(report.runId);
      return report;
    };
    try {
      const database = await openDatabase<Tables>({ databaseUrl });
      return await (this.#options.dryRun ? rehearse(database, doLive) : doLive(database)).finally(database.close);
    } finally {
      release();
    }
  }

  /** Another run of the pipeline has its lock. */
  readonly onWait = (): void => {
    console.error(`waiting for a run of ${this.#options.pipeline} to end`);
  };

  /** @returns a function that ends this, once the result can be shown */
  #awaitStop(): () => void {
    return onStop(() => {
      const text = this.tellStop();
      if (this.#options.json === true) console.log(stopToJson(this.#options.pipeline, text));
      console.error(text);
    });
  }

  /** Its transaction is committed next. */
  readonly onCommit = (run: string): void => {
    this.#run = run;
  };

  /** Its transaction has ended. @param run null if it kept nothing */
  ended(run: string | null): void {
    this.#run = run;
    this.#isEnded = true;
  }

  tellStop(): string {
    const { pipeline, done, dryRun } = this.#options;
    if (dryRun) return "Stopped. It was a dry run: nothing was kept";
    if (this.#run === null) return `Stopped: nothing of ${pipeline} was ${done}. The same command starts over`;
    return this.#isEnded
      ? `Stopped when all was done: ${pipeline} was ${done} by run ${this.#run}`
      : `Stopped during the commit of run ${this.#run}: ${pipeline} is ${done} either completely or not at all; etl_run has this run if it is`;
  }
}
