import type { Transaction } from "kysely";
import type { RejectedLimit } from "../../core/contract/rejected-limit";
import { MillraceError } from "../../core/errors";
import type { Kept } from "../../core/load/history";
import { loadRecords, targetOf } from "../../core/load/load-records";
import type { Progress, Source } from "../../core/ports";
import { readSource, withinLimit } from "../../core/runs/read-source";
import type { Pipeline } from "../../core/runs/run-pipeline";
import type { NewestRecord } from "../../core/runs/run-report";
import { casesContract, covidDaily, recoveriesContract } from "./contracts";
import { CountsByDay } from "./counts-by-day";
import { giveRecoveries, keepMended } from "./mended-recoveries";
import { type Join, mergeByDate, recoveriesByDate } from "./merge";
import { type CovidTables, covidMigrations } from "./tables";
import { type MissingRecoveries, UnitedStates } from "./united-states";

export interface CovidOptions {
  /** Makes the two sources readable, named `cases` and `recoveries`. */
  readonly fetch: () => Promise<readonly Source[]>;
  readonly join: Join;
  readonly maxRejected: RejectedLimit;
  readonly missingRecoveries: MissingRecoveries;
  /** What runs keep of what they did. Default: full. */
  readonly kept?: Kept;
  /** The names of these settings for the user, in messages: `--max-rejected`, or its path in the configuration. */
  readonly settings: Readonly<Record<"maxRejected" | "missingRecoveries", string>>;
  readonly progress: Progress;
}

const NEVER_EMPTY = "a cumulative feed is never empty";

/** The daily feed: the New York Times' cases and deaths, joined with the JHU recoveries of the United States. */
export function covidPipeline(options: CovidOptions): Pipeline<CovidTables> {
  const { fetch, join, maxRejected, missingRecoveries, kept, settings, progress } = options;
  return {
    name: "covid",
    migrations: covidMigrations,
    fetch,
    load: async (trx, sources, run) => {
      const unitedStates = new UnitedStates();
      const recoveriesSource = named(sources, "recoveries");
      const recoveries = readSource(recoveriesSource, recoveriesContract, run, progress, {
        neverEmpty: NEVER_EMPTY,
        isInScope: unitedStates.isInScope,
      });
      const known = await recoveriesByDate(recoveries, run.warn);
      const byDate =
        known.size > 0
          ? known
          : await unitedStates.withoutAny(
              trx,
              missingRecoveries,
              run.warn,
              { source: recoveriesSource.location, setting: settings.missingRecoveries },
              run.rejections.rows,
            );
      await keepMended(trx, byDate, run.rejections.rows);
      const cases = readSource(named(sources, "cases"), casesContract, run, progress, {
        neverEmpty: NEVER_EMPTY,
      });
      const read = new CountsByDay();
      const { inserted, updated, unchanged, dropped } = await loadRecords(trx, {
        ...targetOf(covidDaily),
        records: withinLimit(
          mergeByDate(cases, byDate, join, run.warn, run.checks.staleDays, read),
          run,
          maxRejected,
          settings.maxRejected,
        ),
        run: run.runId,
        kept,
        result: run.result,
        warn: run.warn,
        progress,
      });
      const given = await giveRecoveries(trx, byDate, { read, rejected: run.rejections.rows, run: run.runId, kept });
      const sum = { inserted, updated: updated + given.updated, unchanged, dropped: dropped + given.dropped };
      return { ...sum, newest: await newest(trx) };
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
