import type { EtlRunTable, SourceSummary } from "../core/database/tables";
import type { LedgerRun, RunShape } from "../core/prices/run-cost";
import type { Revision } from "../core/runs/revisions";
import type { DailySeries } from "./daily-series";

/** The newest of many: those that a page shows, and the total. */
export interface Excerpt<Item> {
  readonly shown: readonly Item[];
  readonly total: number;
}

/** One line of the run history. Counts are null until the run knows them. */
export interface ReportedRun {
  readonly id: string;
  readonly status: EtlRunTable["status"];
  readonly started: Date;
  readonly finished: Date | null;
  readonly inserted: number | null;
  readonly updated: number | null;
  readonly unchanged: number | null;
  readonly rejected: number | null;
  /** Null also in runs of versions that did not count it. */
  readonly dropped: number | null;
  /** Like {@link dropped}; null also if a pipeline has no notion of newer rows. */
  readonly superseded: number | null;
  /** Rows that an undo removed; null in all other runs. */
  readonly removed?: number | null;
  /** It mended rejected rows or undid runs, and read no source. Default: false. */
  readonly isMend?: boolean;
  /** It undid runs. Default: false. */
  readonly isUndo?: boolean;
  /** What a run of a feed loaded. Default: null */
  readonly chunks?: LedgerRun["chunks"];
  readonly error: string | null;
  /** What it read. Default: none. */
  readonly sources?: readonly ReportedSource[];
  /** Default: none. */
  readonly warnings?: Excerpt<string>;
}

export type ReportedSource = Pick<SourceSummary, "name" | "rows" | "unchanged">;

/** A table's figures as a run left them; a value is exact, as text, and null if it is unknown. */
export interface TableAfterRun {
  readonly run: string;
  readonly figures: readonly { readonly title: string; readonly value: string | null }[];
}

export interface ReportedRevision extends Revision {
  readonly runStarted: Date;
}

export interface ReportedRejection {
  readonly source: string;
  /** Null if the source was read in parts. */
  readonly line: number | null;
  readonly reason: string;
  readonly raw: string;
  readonly runStarted: Date;
}

/** The open ones, and how many others there are: mended by a person, or superseded by a later reading of their source. */
export interface Rejections extends Excerpt<ReportedRejection> {
  readonly mended: number;
  readonly superseded: number;
}

/** A run's revisions of one column. */
export interface RadarLine {
  /** Its id. */
  readonly run: string;
  readonly started: string;
  readonly table: string;
  readonly column: string;
  readonly records: number;
  /** Null if no part of the key is a day. */
  readonly days: number | null;
  readonly oldest: string | null;
  readonly newest: string | null;
  readonly daysBack: number | null;
  /** Exact, as text; null if it is not a number. */
  readonly sum: string | null;
  readonly largest: string | null;
}

/** All data of a report, read from the database at one moment. */
export interface ReportData {
  readonly pipeline: string;
  readonly generated: Date;
  readonly series: DailySeries;
  /** Newest first. */
  readonly runs: Excerpt<ReportedRun>;
  /** Newest run first; within a run in the order of loading. */
  readonly revisions: Excerpt<ReportedRevision>;
  /** Newest run first; within a run by source and line. */
  readonly rejections: Rejections;
  /** The newest run first. */
  readonly radar: Excerpt<RadarLine>;
  /** Of the newest run. */
  readonly warnings: Excerpt<string>;
  /** Of runs whose table's history is kept. */
  readonly after: readonly TableAfterRun[];
  /** How it runs on AWS. Default: it does not, and costs are not shown. */
  readonly shape?: RunShape;
}
