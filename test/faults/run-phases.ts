import type { DatabasePhase } from "./subjects/database-subject";

const UPSERT = /with (differing|"millrace_stage")/;

/** A phase that begins with what the client sends. */
export const sent = (pattern: RegExp, more = {}): DatabasePhase => ({
  when: () => ({ side: "client", pattern, ...more }),
});

/** What a run of the pipeline loads, and into which table. */
export interface PhasedRun {
  readonly pipeline: string;
  readonly table: string;
  readonly rows: number;
}

/** The phases of every run of `runPipeline`, in the order in which it comes to them. */
export function runPhases({ pipeline, table, rows }: PhasedRun): Readonly<Record<string, DatabasePhase>> {
  return {
    connecting: { when: () => ({ side: "client", bytes: 8 }) },
    "logging in": { when: () => ({ side: "server", bytes: 12 }) },
    "making the ledger": { ...sent(/create table "etl_run"/), isFirst: true },
    "making the table": { ...sent(new RegExp(`create table "${table}"`)), isFirst: true },
    "bringing tables up to date": sent(new RegExp(`millrace_migration_${pipeline}`)),
    locking: sent(/pg_try_advisory_lock/),
    "marking dead runs": sent(/update "etl_run"/),
    "beginning the run": sent(/insert into "etl_run"/),
    "beginning the load": sent(/begin\0/, { after: /insert into "etl_run"/ }),
    "making the stage": sent(/create temporary table/),
    "beginning to copy": sent(/copy "millrace_stage"/),
    copying: { when: (random) => ({ side: "client", bytes: 20_000 + Math.floor(random() * rows * 13) }) },
    upserting: sent(UPSERT),
    "upserting, asked": sent(UPSERT, { strike: "after" }),
    "reading revisions": sent(/from "revision"/),
    "ending the run": sent(/update "etl_run"/, { after: UPSERT }),
    "before the commit": sent(/commit\0/, { after: UPSERT }),
    "after the commit": sent(/commit\0/, { after: UPSERT, strike: "after" }),
    unlocking: sent(/pg_advisory_unlock/, { after: UPSERT }),
  };
}

/** Phases that differ if the records are few: they go in the statement that writes them, and there is no COPY. */
export const OF_FEW_RECORDS: readonly string[] = ["upserting", "upserting, asked"];

/** Phases that come when the run is kept: what befalls it then does not make it a failure. */
export const KEPT: readonly string[] = ["after the commit", "unlocking", "reporting"];
