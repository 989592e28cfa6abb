import { DEFAULT_CHECKS } from "../../../etl/core/watch/feed-checks";
import { covidPipeline } from "../../../etl/pipelines/covid/pipeline";
import type { CovidTables } from "../../../etl/pipelines/covid/tables";
import { runLocally } from "../run-locally";
import { writeReport } from "../write-report";
import type { CovidCommandOptions } from "./covid-options";
import { fetchCovid, LIVE, SAMPLES } from "./covid-sources";

const settings = { maxRejected: "--max-rejected", missingRecoveries: "--missing-recoveries" };

/** Runs `covid` with the command line's options and shows the result. @returns the exit code */
export function runCovid(options: CovidCommandOptions): Promise<number> {
  const { cases, recoveries, join, maxRejected, missingRecoveries, live, date } = options;
  const given = cases === undefined || recoveries === undefined ? SAMPLES : { cases, recoveries };
  const locations = live === true ? LIVE : given;
  return runLocally<CovidTables>("covid", options, {
    pipeline: (progress) => {
      if (locations === SAMPLES && options.quiet !== true) {
        console.error(
          "These are made-up samples; --live uses the real sources, --cases and --recoveries your own files",
        );
      }
      const fetch = () => fetchCovid(locations, progress, date);
      return covidPipeline({ fetch, join, maxRejected, missingRecoveries, settings, progress });
    },
    // Made-up days do not get newer.
    ...(locations === SAMPLES && { checks: { ...DEFAULT_CHECKS, staleDays: null } }),
    writeReport,
  });
}
