import { writeFile } from "node:fs/promises";
import type { Kysely } from "kysely";
import { makeFolder } from "../../etl/adapters/files/make-folder";
import { covidSeries } from "../../etl/pipelines/covid/report-series";
import type { CovidTables } from "../../etl/pipelines/covid/tables";
import { readReport } from "../../etl/report/read-report";
import { renderReport } from "../../etl/report/render-report";
import { MILLRACE_FOLDER, REPORT_FILE } from "./places";
import type { WrittenReport } from "./terminal/summary";

/** Writes the page of a run. */
export async function writeReport(db: Kysely<CovidTables>): Promise<WrittenReport> {
  const data = await readReport(db, { pipeline: "covid", series: covidSeries });
  await makeFolder(MILLRACE_FOLDER);
  await writeFile(REPORT_FILE, renderReport(data));
  return { path: REPORT_FILE, series: data.series };
}
