import type { Transaction } from "kysely";
import { MillraceError } from "../../core/errors";
import { loadRecords } from "../../core/load/load-records";
import type { Progress, Source } from "../../core/ports";
import { readSource, withinLimit } from "../../core/read-source";
import type { RejectedLimit } from "../../core/rejections";
import type { Pipeline } from "../../core/run-pipeline";
import type { NewestRecord } from "../../core/run-report";
import { casesContract } from "./contracts";
import { type Join, mergeByDate, recoveriesByDate } from "./merge";
import { type CovidTables, covidMigrations } from "./tables";
import { type MissingRecoveries, UnitedStates } from "./united-states";

export interface CovidOptions {
  /** Makes the two sources readable, named `cases` and `recoveries`. */
  readonly fetch: () => Promise<readonly Source[]>;
  readonly join: Join;
  readonly maxRejected: RejectedLimit;
  readonly missingRecoveries: MissingRecoveries;
  readonly progress: Progress;
}

/** The daily feed: the New York Times' cases and deaths, joined with the JHU recoveries of the United States. */
export function covidPipeline(options: CovidOptions): Pipeline<CovidTables> {
  const { fetch, join, maxRejected, missingRecoveries, progress } = options;
  return {
    name: "covid",
    migrations: covidMigrations,
    fetch,
    load: async (trx, sources, run) => {
      const unitedStates = new UnitedStates();
      const recoveries = readSource(named(sources, "recoveries"), unitedStates.contract, run, progress);
      const read = await recoveriesByDate(recoveries, run.warn);
      const byDate = read.size > 0 ? read : await unitedStates.withoutAny(trx, missingRecoveries, run.warn);
      const cases = readSource(named(sources, "cases"), casesContract, run, progress);
      const { inserted, updated, unchanged, dropped } = await loadRecords(trx, {
        table: "covid_daily",
        key: ["date"],
        columns: ["cases", "deaths", "recoveries"],
        records: withinLimit(mergeByDate(cases, byDate, join, run.warn, run.checks.staleDays), run, maxRejected),
        run: run.runId,
        warn: run.warn,
        progress,
      });
      return { inserted, updated, unchanged, dropped, newest: await newest(trx) };
    },
  };
}

function named(sources: readonly Source[], name: string): Source {
  const source = sources.find((candidate) => candidate.name === name);
  if (source !== undefined) return source;
  throw new MillraceError(`The covid pipeline has no source ${name}`, {
    got: sources.map((known) => known.name).join(", "),
    expected: "cases and recoveries",
  });
}

async function newest(trx: Transaction<CovidTables>): Promise<NewestRecord | undefined> {
  const record = await trx
    .selectFrom("covid_daily")
    .select(["date", "cases", "deaths", "recoveries"])
    .orderBy("date", "desc")
    .limit(1)
    .executeTakeFirst();
  return record === undefined ? undefined : { ...record };
}
