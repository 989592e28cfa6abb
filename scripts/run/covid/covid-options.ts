import type { Join } from "../../../etl/pipelines/covid/merge";
import type { MissingRecoveries } from "../../../etl/pipelines/covid/united-states";
import type { RunOptions } from "../run-options";

/** The options of `etl covid` from commander. */
export interface CovidCommandOptions extends RunOptions {
  readonly cases?: string;
  readonly recoveries?: string;
  readonly live?: boolean;
  /** The day for `{date}` in addresses, `YYYY-MM-DD`. */
  readonly date?: string;
  readonly join: Join;
  readonly missingRecoveries: MissingRecoveries;
}
