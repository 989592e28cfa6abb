import type { Excerpt, RadarLine, ReportData } from "../report-data";
import type { TableByDay } from "./read-by-day";
import type { Freshness } from "./read-freshness";
import type { NewestRows } from "./read-newest-rows";
import type { Section } from "./sections";

/** Which page: a pipeline and one of the tables that it fills. */
export interface TableSubject {
  /** As the ledger calls it. */
  readonly pipeline: string;
  /** `table` or `schema.table`. */
  readonly table: string;
  /** What the page is called, where the pipeline fills several tables. Default: the pipeline. */
  readonly title?: string;
}

export type Ledger = Pick<ReportData, "runs" | "revisions" | "rejections" | "warnings">;

/** All that the page of a table says, as read at one moment. */
export interface TablePage {
  readonly subject: TableSubject;
  readonly generated: Date;
  /** Undefined where the table is not there yet. */
  readonly byDay?: Section<TableByDay>;
  readonly newest?: Section<NewestRows>;
  /** PostgreSQL's guess of the number of rows, for where nobody could count. */
  readonly estimatedRows?: number;
  readonly freshness?: Section<Freshness>;
  /** Undefined where no pipeline ever ran on this database. */
  readonly ledger?: Section<Ledger>;
  /** Undefined where the ledger is, and where a pipeline keeps no revisions. */
  readonly radar?: Section<Excerpt<RadarLine>>;
}
