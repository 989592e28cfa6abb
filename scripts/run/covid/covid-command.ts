import { Command, Option } from "commander";
import { UsageError } from "../../../etl/core/errors";
import { addressesOfRun } from "../../../etl/core/fetch/date-in-address";
import { toDay } from "../../command-line/to-day";
import { inputSource } from "../../command-line/user-path";
import { addRunOptions } from "../run-options";
import type { CovidCommandOptions } from "./covid-options";
import { runCovid } from "./run-covid";

/** `etl covid`; calls `setExitCode` at the run's end. */
export function covidCommand(setExitCode: (code: number) => void): Command {
  const command = new Command("covid")
    .description("The daily feed: cases and deaths joined with recoveries, upserted into covid_daily.")
    .option(
      "--cases <path-or-url>",
      "the New York Times' us.csv: date,cases,deaths (default: made-up samples)",
      inputSource,
    )
    .option("--recoveries <path-or-url>", "the JHU time series, combined (default: made-up samples)", inputSource)
    .option("--live", "download both sources from their public addresses")
    .option("--date <day>", "the day for {date} in an address (default: today, UTC)", toDay)
    .addOption(
      new Option("--join <kind>", "keep days without a recoveries figure (NULL: unknown), or drop them")
        .choices(["left", "inner"])
        .default("left"),
    )
    .addOption(
      new Option(
        "--missing-recoveries <kind>",
        "if there is no row for the US as a whole: fail, or keep the known recoveries",
      )
        .choices(["fail", "keep"])
        .default("fail"),
    );
  return addRunOptions(command)
    .addHelpText("after", EXAMPLES)
    .action(async (options: CovidCommandOptions) => {
      refuseContradictions(options);
      setExitCode(await runCovid(options));
    });
}

const EXAMPLES = `
Examples:
  npm run etl -- covid                                    the made-up samples
  npm run etl -- covid --live                             the real sources
  npm run etl -- covid --cases us.csv --recoveries jhu.csv --database-url postgres://me@localhost/feeds
  npm run --silent etl -- covid --json | jq .inserted     for a program`;

function refuseContradictions({ cases, recoveries, live, date }: CovidCommandOptions): void {
  if (live === true && (cases !== undefined || recoveries !== undefined)) {
    throw new UsageError("--live already selects both sources", {
      got: "--live together with --cases or --recoveries",
    });
  }
  if ((cases === undefined) !== (recoveries === undefined)) {
    throw new UsageError("The two sources belong together", {
      got: cases === undefined ? "--recoveries alone" : "--cases alone",
      expected: "both --cases and --recoveries, or neither for the made-up samples",
    });
  }
  addressesOfRun({ cases: cases ?? "", recoveries: recoveries ?? "" }, date);
}
