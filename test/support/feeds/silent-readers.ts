import { openPostgres } from "../../../etl/adapters/postgres/postgres";
import { diagnoseFeed } from "../../../etl/feeds/doctor/doctor";
import type { FeedTables } from "../../../etl/feeds/ledger/tables";
import { sales } from "../../../etl/feeds/sales";
import { covidSeries } from "../../../etl/pipelines/covid/report-series";
import { makeReportPage } from "../../../scripts/run/dashboard/report-page";
import { MemoryRangedObjects } from "../fakes/memory-ranged-objects";
import type { FaultTrigger } from "./faulty-proxy";

type Stages = Readonly<Record<string, FaultTrigger>>;

const patience = { silenceMs: 300, connectTimeoutMs: 1_500 };

/** What only reads a database comes to. */
const begin: Stages = {
  connecting: { side: "client", bytes: 8 },
  "logging in": { side: "server", bytes: 12 },
  "asking for the session": { side: "client", pattern: /server_encoding/ },
};

export const DOCTOR_STAGES: Stages = {
  ...begin,
  "asking for the encryption": { side: "client", pattern: /pg_stat_ssl/ },
  "asking for privileges": { side: "client", pattern: /has_database_privilege/ },
  rehearsing: { side: "client", pattern: /create table/ },
  "comparing clocks": { side: "client", pattern: /clock_timestamp/ },
};

/** Whether each check of the doctor is well; a lost server is one that is not, and has its advice. */
export async function askDoctor(url: string): Promise<boolean> {
  const openDatabase = () => openPostgres<FeedTables>(url, patience);
  const checks = await diagnoseFeed({ contract: sales, objects: new MemoryRangedObjects(), openDatabase });
  const failed = checks.filter(({ ok }) => !ok);
  for (const { name, fix } of failed) if (fix === undefined) throw new Error(`${name} failed without advice`);
  return failed.length === 0;
}

export const PAGE_STAGES: Stages = {
  ...begin,
  "taking a snapshot": { side: "client", pattern: /repeatable read/ },
  "reading the runs": { side: "client", pattern: /to_regclass/, strike: "after" },
  ending: { side: "client", pattern: /commit/ },
};

/** Whether the dashboard shows the report; where the server is lost, its page must say so in words. */
export async function readPage(url: string): Promise<boolean> {
  const page = await makeReportPage(
    { databaseUrl: url, directory: "", patience },
    { pipeline: "covid", series: covidSeries },
  );
  if (page.status === 503 && page.html.includes("The database cannot be read")) return false;
  if (page.status === 200) return true;
  throw new Error(`${page.status}: ${page.html}`);
}
