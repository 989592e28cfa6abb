import type { ReportedRejection, ReportedRevision, ReportedRun } from "../report-data";
import { LEFT_OUT, withoutQuotes } from "../without-quotes";

/**
 * The columns that no page shows: `pages.hide` names each as `column`, for all tables, or `table.column`.
 */
export class HiddenColumns {
  readonly #names: ReadonlySet<string>;
  readonly #table: string;

  constructor(names: readonly string[], table: string) {
    this.#names = new Set(names);
    this.#table = table;
  }

  has(column: string): boolean {
    return this.#names.has(column) || this.#names.has(`${this.#table}.${column}`);
  }

  /** Unreadable rows may contain hidden values in any place: then their text is not shown. */
  rejection(rejection: ReportedRejection): ReportedRejection {
    if (this.#names.size === 0) return rejection;
    return { ...rejection, reason: this.text(rejection.reason), raw: LEFT_OUT };
  }

  revision(revision: ReportedRevision): ReportedRevision {
    const { key, before, after } = revision;
    return { ...revision, key: this.#replace(key), before: this.#leaveOut(before), after: this.#leaveOut(after) };
  }

  run(run: ReportedRun): ReportedRun {
    const { error, warnings } = run;
    return {
      ...run,
      error: error === null ? null : this.text(error),
      ...(warnings && { warnings: { ...warnings, shown: warnings.shown.map((warning) => this.text(warning)) } }),
    };
  }

  /** Messages quote values: the quotes are removed if anything is hidden. */
  text(message: string): string {
    return this.#names.size === 0 ? message : withoutQuotes(message);
  }

  #leaveOut(image: Readonly<Record<string, unknown>>) {
    return Object.fromEntries(Object.entries(image).filter(([column]) => !this.has(column)));
  }

  #replace(key: Readonly<Record<string, unknown>>) {
    return Object.fromEntries(Object.entries(key).map(([name, value]) => [name, this.has(name) ? LEFT_OUT : value]));
  }
}
