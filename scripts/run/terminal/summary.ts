import { describeCounts, type NewestRecord, type RunReport } from "../../../etl/core/runs/run-report";
import { dailyChanges } from "../../../etl/report/daily-change";
import { type DailySeries, lastDays } from "../../../etl/report/daily-series";
import { formatFigure } from "../../../etl/report/figure-format";
import { describeKey, revisedColumns } from "../../../etl/report/revised-columns";
import { drawDailyChart } from "./daily-chart";

const DAYS_IN_CHART = 60;
const WARNINGS_SHOWN = 10;

/** The report that was written after a run. */
export interface WrittenReport {
  readonly path: string;
  /** The database's figures; the first column is charted. */
  readonly series: DailySeries;
}

/** The summary of a run in the terminal. */
export function renderSummary(report: RunReport, page?: WrittenReport): string {
  return [
    [...(report.status === "dry-run" ? ["Dry run: nothing was kept."] : []), describeCounts(report)].join("\n"),
    report.newest && `Newest record: ${describeRecord(report.newest)}`,
    describeUnchanged(report.sources),
    describeRevisions(report.revisions),
    describeWarnings(report.warnings),
    page && describeChart(lastDays(page.series, DAYS_IN_CHART + 1)),
    page && `Report: ${page.path}`,
  ]
    .filter((part) => part !== undefined)
    .join("\n\n");
}

function describeRecord(record: NewestRecord): string {
  return Object.entries(record)
    .map(([column, value]) => `${column} ${typeof value === "string" ? printable(value) : formatFigure(value)}`)
    .join(", ");
}

function describeUnchanged(sources: RunReport["sources"]): string | undefined {
  const names = sources.filter(({ unchanged }) => unchanged === true).map(({ name }) => name);
  return names.length === 0 ? undefined : `Unchanged since the last download: ${names.join(", ")}`;
}

function describeRevisions({ first, total }: RunReport["revisions"]): string | undefined {
  if (total === 0) return undefined;
  const lines = first.flatMap((revision) =>
    revisedColumns(revision).map(
      ({ column, before, after }) => `  ${describeKey(revision.key)}  ${column}: ${before} → ${after}`,
    ),
  );
  return block(`Revisions: ${total}`, lines, total - first.length);
}

function describeWarnings(warnings: readonly string[]): string | undefined {
  if (warnings.length === 0) return undefined;
  const lines = warnings.slice(0, WARNINGS_SHOWN).map((warning) => `  ${warning}`);
  return block(`Warnings: ${warnings.length}`, lines, warnings.length - lines.length);
}

function block(headline: string, lines: readonly string[], more: number): string {
  return [headline, ...lines.map(printable), ...(more > 0 ? [`  and ${more} more`] : [])].join("\n");
}

function describeChart({ days, values: [value] }: DailySeries): string | undefined {
  if (value === undefined) return undefined;
  const chart = drawDailyChart(dailyChanges(value.figures).slice(-DAYS_IN_CHART));
  if (chart === undefined) return undefined;
  return `New ${value.title.toLowerCase()} per day, the last ${DAYS_IN_CHART} days to ${days.at(-1)}\n${chart}`;
}

/** Text from a source must not steer the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, "\uFFFD");
}
