import type { Transaction } from "kysely";
import { MillraceError } from "../../core/errors";
import { loadRecords } from "../../core/load/load-records";
import type { Progress, Source } from "../../core/ports";
import { readSource, withinLimit } from "../../core/read-source";
import type { RejectedLimit } from "../../core/rejections";
import type { Pipeline } from "../../core/run-pipeline";
import type { NewestRecord } from "../../core/run-report";
import { casesContract, recoveriesContract } from "./contracts";
import { type Join, mergeByDate, recoveriesByDate } from "./merge";
import { type CovidTables, covidMigrations } from "./tables";

export interface CovidOptions {
  /** Makes the two sources readable, named `cases` and `recoveries`. */
  readonly fetch: () => Promise<readonly Source[]>;
  readonly join: Join;
  readonly maxRejected: RejectedLimit;
  readonly progress: Progress;
}

/** The daily feed: the New York Times' cases and deaths, joined with the JHU recoveries of the United States. */
export function covidPipeline({ fetch, join, maxRejected, progress }: CovidOptions): Pipeline<CovidTables> {
  return {
    name: "covid",
    migrations: covidMigrations,
    fetch,
    load: async (trx, sources, run) => {
      const recoveries = readSource(named(sources, "recoveries"), recoveriesContract, run, progress);
      const byDate = await recoveriesByDate(recoveries, run.warn);
      const cases = readSource(named(sources, "cases"), casesContract, run, progress);
      const { inserted, updated, unchanged, dropped } = await loadRecords(trx, {
        table: "covid_daily",
        key: ["date"],
        columns: ["cases", "deaths", "recoveries"],
        records: withinLimit(mergeByDate(cases, byDate, join, run.warn), run, maxRejected),
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
