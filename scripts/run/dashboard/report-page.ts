import { existsSync } from "node:fs";
import path from "node:path";
import { openPglite } from "../../../etl/adapters/pglite/pglite";
import { openPostgres, type PostgresOptions } from "../../../etl/adapters/postgres/postgres";
import { type Database, findErrorCode } from "../../../etl/core/database/database";
import type { CoreTables } from "../../../etl/core/database/tables";
import { MillraceError } from "../../../etl/core/errors";
import { emptyReport, type ReadReportOptions, readReport } from "../../../etl/report/read-report";
import { renderMessage } from "../../../etl/report/render-message";
import { renderReport } from "../../../etl/report/render-report";
import { adviseOnDatabase } from "../advise-here";

/** Seconds until the browser reloads while a run has the embedded database open. */
const RETRY_SECONDS = 3;

/** Where the figures are: a PostgreSQL, or the folder of the embedded one. */
export interface ReportOrigin {
  readonly databaseUrl?: string;
  readonly directory: string;
  /** How long a server may be silent. Default: as for other commands. */
  readonly patience?: PostgresOptions;
}

/** The answer to a browser. */
export interface DashboardPage {
  readonly status: 200 | 500 | 503;
  readonly html: string;
}

/**
 * Reads the database and closes it again, so that a run can open it between two reloads. An error becomes a page that
 * describes it.
 */
export async function makeReportPage(origin: ReportOrigin, options: ReadReportOptions): Promise<DashboardPage> {
  try {
    const database = await openOrigin(origin);
    if (database === undefined) return { status: 200, html: renderReport(emptyReport(options)) };
    try {
      return { status: 200, html: renderReport(await readReport(database.db, options)) };
    } finally {
      await database.close();
    }
  } catch (error) {
    return explain(error);
  }
}

/** Undefined if no run has created the embedded database yet: viewing must not create it. */
export async function openOrigin({
  databaseUrl,
  directory,
  patience,
}: ReportOrigin): Promise<Database<CoreTables> | undefined> {
  if (databaseUrl !== undefined) {
    return openPostgres<CoreTables>(databaseUrl, patience).catch((error) => {
      throw adviseOnDatabase(error);
    });
  }
  if (!existsSync(path.join(directory, "PG_VERSION"))) return undefined;
  return openPglite(directory, { waitMs: 1_000 });
}

function explain(error: unknown): DashboardPage {
  if (findErrorCode(error) === "ELOCKED") {
    const text = "Only one process at a time can use the embedded database. This page reloads by itself.";
    return { status: 503, html: renderMessage({ title: "A run is in progress", text, reloadAfter: RETRY_SECONDS }) };
  }
  if (error instanceof MillraceError) {
    return { status: 503, html: renderMessage({ title: "The database cannot be read", text: error.message }) };
  }
  console.error(error);
  const text = "This is a bug in the dashboard; see its terminal for more.";
  return { status: 500, html: renderMessage({ title: "Something went wrong", text }) };
}
