import type { RunShape } from "../../core/prices/run-cost";
import type { Excerpt, RadarLine, ReportData, TableAfterRun } from "../report-data";
import type { TableByDay } from "./read-by-day";
import type { Freshness } from "./read-freshness";
import type { NewestRows } from "./read-newest-rows";
import type { Section } from "./sections";

/** A page's subject: a pipeline and one of the tables that it fills. */
export interface TableSubject {
  /** Its name in the ledger. */
  readonly pipeline: string;
  /** `table` or `schema.table`. */
  readonly table: string;
  /** The page's name, if the pipeline fills several tables. Default: the pipeline's. */
  readonly title?: string;
}

export type Ledger = Pick<ReportData, "runs" | "revisions" | "rejections" | "warnings">;

/** All data of a table's page, read at one moment. */
export interface TablePage {
  readonly subject: TableSubject;
  readonly generated: Date;
  /** Undefined if the table does not exist yet. */
  readonly byDay?: Section<TableByDay>;
  readonly newest?: Section<NewestRows>;
  /** PostgreSQL's estimate of the number of rows, if they could not be counted. */
  readonly estimatedRows?: number;
  readonly freshness?: Section<Freshness>;
  /** Undefined if no pipeline ever ran on this database. */
  readonly ledger?: Section<Ledger>;
  /** Undefined if the ledger is, or if a pipeline keeps no revisions. */
  readonly radar?: Section<Excerpt<RadarLine>>;
  /** Undefined if there is no ledger, or the table is too large to be read as it was. */
  readonly after?: Section<readonly TableAfterRun[]>;
  /** Like in {@link ReportData}. */
  readonly shape?: RunShape;
}
