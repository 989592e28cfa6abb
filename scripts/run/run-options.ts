import { type Command, Option } from "commander";
import { parseRejectedLimit, type RejectedLimit } from "../../etl/core/contract/rejected-limit";
import { UsageError } from "../../etl/core/errors";
import { databaseUrlOption } from "./open-database";

/** The options of every command that loads a database, from commander. */
export interface RunOptions {
  readonly databaseUrl?: string;
  readonly fresh?: boolean;
  readonly maxRejected: RejectedLimit;
  readonly revisionDays?: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Adds the options, and refuses contradictory ones. */
export function addRunOptions(command: Command): Command {
  return command
    .addOption(databaseUrlOption("an embedded one"))
    .option("--fresh", "begin with an empty embedded database")
    .addOption(
      new Option("--max-rejected <n|n%>", "above this the run fails and nothing is loaded")
        .argParser(toRejectedLimit)
        .default({ rows: 0 }, "0"),
    )
    .addOption(
      new Option(
        "--revision-days <n>",
        "after the run, delete revisions of runs older than N days (default: keep all)",
      ).argParser(toDays),
    )
    .option("--dry-run", "everything but the commit: the counts that a run would have")
    .option("--json", "print one JSON object to standard output, and everything else to standard error")
    .option("--quiet", "no progress")
    .hook("preAction", (running) => refuseFreshServer(running.opts<RunOptions>()));
}

/** @throws UsageError if the text is neither a number of rows nor a share */
export function toRejectedLimit(text: string): RejectedLimit {
  const limit = parseRejectedLimit(text);
  if (limit !== undefined) return limit;
  throw new UsageError("--max-rejected is neither a number of rows nor a share", {
    got: JSON.stringify(text),
    expected: "for example 12 or 0.5%",
  });
}

function toDays(text: string): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new UsageError("--revision-days is not a number of days", {
    got: JSON.stringify(text),
    expected: "1 to 99999, for example 730",
  });
}

/** @throws UsageError if a server's database would have to be emptied */
export function refuseFreshServer({ fresh, databaseUrl }: Pick<RunOptions, "fresh" | "databaseUrl">): void {
  if (fresh !== true || databaseUrl === undefined) return;
  throw new UsageError("--fresh works only with the embedded database", {
    got: "--fresh together with --database-url (or DATABASE_URL)",
    fix: "Remove one of them",
  });
}
