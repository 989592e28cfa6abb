import type { CasesRecord } from "./contracts";
import { CountsByDay } from "./counts-by-day";
import { EndOfCounts } from "./end-of-counts";
import { Repeats } from "./repeats";
import type { CovidDailyTable } from "./tables";

/** New York Times days without a recoveries figure: `left` keeps them, `inner` drops them. */
export type Join = "left" | "inner";

type Batches<Record> = AsyncIterable<readonly Record[]>;

/**
 * The recoveries by day. If a day comes twice, the last row wins and `warn` is called.
 *
 * @throws CsvError if most days do
 */
export async function recoveriesByDate(
  batches: Batches<{ readonly date: string; readonly recoveries: number | null }>,
  warn: (warning: string) => void,
): Promise<CountsByDay> {
  const byDate = new CountsByDay();
  const repeats = new Repeats("recoveries", warn);
  for await (const batch of batches) {
    for (const { date, recoveries } of batch) {
      if (byDate.set(date, recoveries)) repeats.add(date);
    }
  }
  repeats.refuseMany(byDate.size);
  return byDate;
}

/**
 * Joins each day of cases with its recoveries, in the order of the cases. A day that comes twice is passed on twice
 * (the load keeps the last). `warn` is called for it, for a cumulative count that falls, which real data does, and for
 * one that has stood still for more than `staleDays` at the end (null: never). `seen` gets the days of the cases.
 *
 * @throws CsvError if most days come more than twice
 */
export async function* mergeByDate(
  cases: Batches<CasesRecord>,
  recoveries: CountsByDay,
  join: Join,
  warn: (warning: string) => void,
  staleDays: number | null = null,
  seen = new CountsByDay(),
): AsyncGenerator<CovidDailyTable[]> {
  const ends = new EndOfCounts();
  const repeats = new Repeats("cases", warn);
  let previous: CovidDailyTable | undefined;
  for await (const batch of cases) {
    const merged: CovidDailyTable[] = [];
    for (const day of batch) {
      const { date, cases, deaths } = day;
      const record = { date, cases, deaths, recoveries: recoveries.get(date) };
      if (seen.set(date, null)) repeats.add(date);
      warnOfFalls(previous, record, warn);
      previous = record;
      ends.see(record);
      if (join === "left" || record.recoveries !== null) merged.push(record);
    }
    if (merged.length > 0) yield merged;
  }
  repeats.refuseMany(seen.size);
  if (staleDays !== null) for (const warning of ends.describe(staleDays)) warn(warning);
}

function warnOfFalls(before: CovidDailyTable | undefined, day: CovidDailyTable, warn: (warning: string) => void): void {
  if (before === undefined || day.date <= before.date) return;
  for (const column of ["cases", "deaths", "recoveries"] as const) {
    const [was, is] = [before[column], day[column]];
    if (was !== null && is !== null && is < was) {
      warn(`${column}: ${is} on ${day.date} is less than ${was} on ${before.date}, though it is cumulative`);
    }
  }
}
