import { Command, Option } from "commander";
import { UsageError } from "../../etl/core/errors";
import { parseRejectedLimit, type RejectedLimit } from "../../etl/core/rejections";
import type { CovidCommandOptions } from "./covid-options";
import { runCovid } from "./run-covid";

/** `etl covid`; tells `setExitCode` how the run ended. */
export function covidCommand(setExitCode: (code: number) => void): Command {
  return new Command("covid")
    .description("The daily feed: cases and deaths joined with recoveries, upserted into covid_daily.")
    .option("--cases <path-or-url>", "the New York Times' us.csv: date,cases,deaths (default: made-up samples)")
    .option("--recoveries <path-or-url>", "the JHU time series, combined (default: made-up samples)")
    .option("--live", "both sources from their public addresses")
    .addOption(
      new Option("--database-url <url>", "a PostgreSQL (default: an embedded one in .millrace/)").env("DATABASE_URL"),
    )
    .option("--fresh", "start the embedded database anew")
    .addOption(
      new Option("--join <kind>", "keep days without a recoveries figure (NULL: unknown), or drop them")
        .choices(["left", "inner"])
        .default("left"),
    )
    .addOption(
      new Option("--max-rejected <n|n%>", "above this the run fails and nothing is loaded")
        .argParser(toRejectedLimit)
        .default({ rows: 0 }, "0"),
    )
    .option("--dry-run", "everything but the commit: the counts that a run would have")
    .option("--json", "standard output is one JSON object, all else goes to standard error")
    .option("--quiet", "no progress")
    .addHelpText("after", EXAMPLES)
    .action(async (options: CovidCommandOptions) => {
      refuseContradictions(options);
      setExitCode(await runCovid(options));
    });
}

const EXAMPLES = `
Examples:
  npm run etl -- covid                                    the made-up samples
  npm run etl -- covid --live                             the real feeds
  npm run etl -- covid --cases us.csv --recoveries jhu.csv --database-url postgres://me@localhost/feeds
  npm run --silent etl -- covid --json | jq .inserted     for a program`;

function toRejectedLimit(text: string): RejectedLimit {
  const limit = parseRejectedLimit(text);
  if (limit !== undefined) return limit;
  throw new UsageError("--max-rejected is neither a number of rows nor a share", {
    got: JSON.stringify(text),
    expected: "for example 12 or 0.5%",
  });
}

function refuseContradictions({ cases, recoveries, live, databaseUrl, fresh }: CovidCommandOptions): void {
  if (fresh === true && databaseUrl !== undefined) {
    throw new UsageError("--fresh empties the embedded database only", {
      got: "--fresh together with --database-url (or DATABASE_URL)",
      fix: "Leave one of them out",
    });
  }
  if (live === true && (cases !== undefined || recoveries !== undefined)) {
    throw new UsageError("--live names both sources already", { got: "--live together with --cases or --recoveries" });
  }
  if ((cases === undefined) !== (recoveries === undefined)) {
    throw new UsageError("The two sources belong together", {
      got: cases === undefined ? "--recoveries alone" : "--cases alone",
      expected: "both --cases and --recoveries, or neither for the made-up samples",
    });
  }
}
