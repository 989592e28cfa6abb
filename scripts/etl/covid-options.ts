import type { RejectedLimit } from "../../etl/core/rejections";
import type { Join } from "../../etl/pipelines/covid/merge";

/** The options of `etl covid` as commander gives them. */
export interface CovidCommandOptions {
  readonly cases?: string;
  readonly recoveries?: string;
  readonly live?: boolean;
  readonly databaseUrl?: string;
  readonly fresh?: boolean;
  readonly join: Join;
  readonly maxRejected: RejectedLimit;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}
