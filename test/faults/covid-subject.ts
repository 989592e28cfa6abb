import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CASES_HEADER, RECOVERIES_HEADER, recoveryRow } from "../support/covid-run";
import type { DatabasePhase, LoadingCommand } from "./database-subject";
import type { LedgerRun } from "./judge";

const DAYS = 30_000;
const UPSERT = /with differing/;

const sent = (pattern: RegExp, more = {}): DatabasePhase => ({ when: () => ({ side: "client", pattern, ...more }) });

/** In the order in which a run comes to them. */
const phases: Readonly<Record<string, DatabasePhase>> = {
  connecting: { when: () => ({ side: "client", bytes: 8 }) },
  "logging in": { when: () => ({ side: "server", bytes: 12 }) },
  "making the ledger": { ...sent(/create table "etl_run"/), isFirst: true },
  "making the table": { ...sent(/create table "covid_daily"/), isFirst: true },
  "bringing tables up to date": sent(/millrace_migration_covid/),
  locking: sent(/pg_try_advisory_lock/),
  "marking dead runs": sent(/update "etl_run"/),
  "beginning the run": sent(/insert into "etl_run"/),
  "beginning the load": sent(/begin\0/, { after: /insert into "etl_run"/ }),
  "making the stage": sent(/create temporary table/),
  "beginning to copy": sent(/copy "millrace_stage"/),
  copying: { when: (random) => ({ side: "client", bytes: 20_000 + Math.floor(random() * 400_000) }) },
  upserting: sent(UPSERT),
  "upserting, asked": sent(UPSERT, { strike: "after" }),
  "reading revisions": sent(/from "revision"/),
  "ending the run": sent(/update "etl_run"/, { after: UPSERT }),
  "before the commit": sent(/commit\0/, { after: UPSERT }),
  "after the commit": sent(/commit\0/, { after: UPSERT, strike: "after" }),
  unlocking: sent(/pg_advisory_unlock/, { after: UPSERT }),
  reporting: sent(/repeatable read/),
};

/** The daily feed: five days before, thousands after, of which five differ. */
export function covidCommand(folder: string): LoadingCommand {
  mkdirSync(join(folder, "covid"));
  const dayOf = (index: number) => new Date(Date.UTC(1940, 0, 1 + index)).toISOString().slice(0, 10);
  const write = (name: string, lines: readonly string[]) =>
    writeFileSync(join(folder, "covid", name), `${lines.join("\n")}\n`);
  const writeCases = (days: number, factor: number) => {
    const rows = Array.from({ length: days }, (_, index) => `${dayOf(index)},${index * factor},${index}`);
    write("cases.csv", [CASES_HEADER, ...rows]);
  };
  write("recoveries.csv", [RECOVERIES_HEADER, recoveryRow(dayOf(1), 1)]);
  return {
    name: "covid",
    phases,
    args: ["covid", "--json", "--cases", "covid/cases.csv", "--recoveries", "covid/recoveries.csv"],
    writeBefore: () => writeCases(5, 3),
    writeAfter: () => writeCases(DAYS, 7),
    look: async (query) => {
      const [table] = await query<{ hash: string | null; rows: number }>(
        "select md5(string_agg(t::text, ';' order by date)) as hash, count(*)::int as rows from covid_daily t",
      );
      const runs = await query<LedgerRun & { revisions: number }>(
        `select status, inserted::int, updated::int, rejected::int,
          (select count(*)::int from revision where run = r.id) as revisions
        from etl_run r where pipeline = 'covid' order by started`,
      );
      const kept = runs.every((run) => run.revisions === (run.updated ?? 0));
      const hash = `${table?.hash}${kept ? "" : ", other revisions than updates"}`;
      return {
        table: Object.fromEntries(table?.rows ? [["covid_daily", hash]] : []),
        loaded: { covid_daily: insertedBy(runs) === DAYS },
        rows: table?.rows ?? 0,
        runs,
      };
    },
  };
}

function insertedBy(runs: readonly LedgerRun[]): number {
  return runs.reduce((sum, { status, inserted }) => sum + (status === "succeeded" ? (inserted ?? 0) : 0), 0);
}
