import type { RejectedLimit } from "../../../etl/core/contract/rejected-limit";
import { UsageError } from "../../../etl/core/errors";

/** The arguments and options of `etl feed`, from commander. */
export interface FeedCommandOptions {
  readonly contract: string;
  readonly from?: string;
  /** Only these files, instead of all of `from`. Default: none. */
  readonly files?: readonly string[];
  /** Default: the contract's. */
  readonly maxRejected?: RejectedLimit;
  readonly databaseUrl?: string;
  readonly fresh?: boolean;
  readonly workers: number;
  readonly full?: boolean;
  /** All but the commit, in one transaction. Default: false. */
  readonly dryRun?: boolean;
  /** Write a verdict beside each object. Default: false. */
  readonly verdicts?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** @throws UsageError if options contradict each other */
export function refuseContradictions({
  workers,
  databaseUrl,
  dryRun = false,
  verdicts = false,
}: FeedCommandOptions): void {
  if (workers > 1 && dryRun) {
    throw new UsageError("A dry run is one transaction, and has one worker", {
      got: `--dry-run with --workers ${workers}`,
      fix: "Leave one of them out",
    });
  }
  if (verdicts && dryRun) {
    throw new UsageError("A dry run writes nothing", {
      got: "--dry-run with --verdicts",
      fix: "Leave one of them out",
    });
  }
  if (workers === 1 || databaseUrl !== undefined) return;
  throw new UsageError("The embedded database takes one worker", {
    got: `--workers ${workers}`,
    fix: "Name a PostgreSQL by --database-url, or leave --workers out",
  });
}
