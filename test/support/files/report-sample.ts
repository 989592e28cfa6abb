import { type DailySeries, toDailySeries } from "../../../etl/report/daily-series";
import { emptyReport } from "../../../etl/report/read-report";
import type { ReportData, ReportedRun } from "../../../etl/report/report-data";

const SAMPLE_COLUMNS = [
  { column: "cases", title: "Cases" },
  { column: "recoveries", title: "Recoveries" },
] as const;

/** A series of cases and recoveries that begins on a day, without holes. */
export function seriesFrom(day: string, figures: readonly (readonly (number | null)[])[]): DailySeries {
  const start = Date.parse(`${day}T00:00:00Z`);
  return toDailySeries(
    SAMPLE_COLUMNS,
    figures.map((row, index) => ({
      day: new Date(start + index * 86_400_000).toISOString().slice(0, 10),
      figures: row,
    })),
  );
}

/** A run that succeeded in 1.5 s. */
export function runOf(facts: Partial<ReportedRun> = {}): ReportedRun {
  const started = facts.started ?? new Date("2020-10-05T06:00:00Z");
  return {
    id: "7d8c1b1e-0f43-4a5e-9a51-0d1f3a3a9a10",
    status: "succeeded",
    started,
    finished: new Date(started.getTime() + 1_500),
    inserted: 1,
    updated: 2,
    unchanged: 253,
    rejected: 0,
    dropped: 0,
    superseded: null,
    error: null,
    ...facts,
  };
}

/** A report with nothing in it but what a test says. */
export function reportOf(facts: Partial<ReportData> = {}): ReportData {
  const series = { table: "covid_daily", x: "date", values: SAMPLE_COLUMNS };
  return { ...emptyReport({ pipeline: "covid", series, now: new Date("2020-10-05T06:00:31Z") }), ...facts };
}
