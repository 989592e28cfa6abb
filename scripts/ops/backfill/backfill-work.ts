/** One run of a backfill. */
export interface PlannedRun {
  readonly from: string;
  readonly to: string;
  /** Of the execution. */
  readonly input: Readonly<Record<string, unknown>>;
  /** What it loads, for example `3 objects`. */
  readonly loads: string;
}

/** What a backfill has to do. */
export interface BackfillWork {
  /** The oldest first. */
  readonly runs: readonly PlannedRun[];
  /** What is left out, in sentences. */
  readonly notes: readonly string[];
  /** What it would take, in a sentence. */
  readonly estimated: string;
  /** The same for a program. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A range of days, both included, as the command line has it. */
export interface Range {
  readonly from: string;
  readonly to: string;
  /** Days of a window. */
  readonly window: number;
  /** Also what the ledger has as loaded. */
  readonly again?: boolean;
}
