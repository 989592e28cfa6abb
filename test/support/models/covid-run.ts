import { sql } from "kysely";
import type { Database } from "../../../etl/core/database/database";
import type { Retention } from "../../../etl/core/database/retention";
import type { Notification, Notifier, Source } from "../../../etl/core/ports";
import { runPipeline } from "../../../etl/core/runs/run-pipeline";
import type { RunReport } from "../../../etl/core/runs/run-report";
import { DEFAULT_CHECKS, type FeedChecks } from "../../../etl/core/watch/feed-checks";
import { type CovidOptions, covidPipeline } from "../../../etl/pipelines/covid/pipeline";
import type { CovidTables } from "../../../etl/pipelines/covid/tables";
import { bytesOf } from "../files/bytes";

export const CASES_HEADER = "date,cases,deaths";
export const RECOVERIES_HEADER = "Date,Country/Region,Province/State,Lat,Long,Confirmed,Recovered,Deaths";

/** A source whose content a test writes down. */
export function sourceOf(name: string, content: string | Uint8Array): Source {
  return { name, location: `memory:${name}`, open: async () => bytesOf(content, 65_536) };
}

/** One day of the JHU series. */
export function recoveryRow(date: string, recovered: number | "", country = "US"): string {
  return `${date},${country},,40.0,-100.0,0,${recovered},0`;
}

type Content = string | Uint8Array;

interface CovidRunOptions extends Partial<Omit<CovidOptions, "fetch" | "progress" | "settings">> {
  readonly dryRun?: boolean;
  readonly fetch?: CovidOptions["fetch"];
  readonly onWait?: () => void;
  readonly onWarning?: (text: string) => void;
  readonly onNote?: (text: string) => void;
  readonly retention?: Retention;
  readonly notify?: Notifier["notify"];
  /** @default those of a daily feed, but that no content of a test is old */
  readonly checks?: Partial<FeedChecks>;
  readonly today?: string;
}

/** Runs the pipeline on two contents and keeps what the notifier was told. */
export async function runCovidOn(
  database: Database<CovidTables>,
  cases: Content,
  recoveries: Content = [RECOVERIES_HEADER, recoveryRow("2020-01-21", 0)].join("\n"),
  options: CovidRunOptions = {},
): Promise<RunReport & { readonly notifications: readonly Notification[] }> {
  const notifications: Notification[] = [];
  const pipeline = covidPipeline({
    fetch: async () => [sourceOf("cases", cases), sourceOf("recoveries", recoveries)],
    join: "left",
    maxRejected: { rows: 0 },
    missingRecoveries: "fail",
    settings: { maxRejected: "--max-rejected", missingRecoveries: "--missing-recoveries" },
    progress: { advance: () => undefined, finish: () => undefined },
    ...options,
  });
  const report = await runPipeline(pipeline, {
    database,
    notifier: { notify: options.notify ?? (async (notification) => void notifications.push(notification)) },
    dryRun: options.dryRun,
    onWait: options.onWait ?? (() => undefined),
    onWarning: options.onWarning ?? (() => undefined),
    onNote: options.onNote,
    retention: options.retention,
    checks: { ...DEFAULT_CHECKS, staleDays: null, ...options.checks },
    today: options.today,
  });
  return { ...report, notifications };
}

/** Takes away everything that millrace made in a database. */
export async function emptyDatabase(database: Database<CovidTables>): Promise<void> {
  await sql`drop schema public cascade`.execute(database.db);
  await sql`create schema public`.execute(database.db);
}
