import type { Config } from "../../../config/schema";
import { amountOf, counted } from "../../../etl/core/counted";
import { UsageError } from "../../../etl/core/errors";
import { hasDate } from "../../../etl/core/fetch/date-in-address";
import { type RunShape, runCost } from "../../../etl/core/prices/run-cost";
import { literal } from "../../run/prove/stored-run";
import type { Reader } from "../../run/undo/as-of";
import type { BackfillWork, Range } from "./backfill-work";
import { renderTaken, type Taken } from "./estimate";
import { ledgerReader } from "./ledger-reader";

const DAY_MS = 86_400_000;
/** How many runs count: the newest. */
const RUNS = 50;

/** The runs of `covid` that loaded its sources, with the days that these asked for. */
const LOADED = `select r.started, extract(epoch from r.finished - r.started) as took,
    array(select s ->> 'day' from jsonb_array_elements(r.sources) s where s ->> 'day' is not null) as days,
    (select coalesce(sum((s ->> 'rows')::bigint), 0) from jsonb_array_elements(r.sources) s) as rows
  from etl_run r where r.pipeline = 'covid' and r.status = 'succeeded' and r.mended_by is null
    and not exists (select from etl_run u where u.status = 'succeeded' and r.id = any(u.undoes))`;

/** Whether the sources of `covid` are of a day each: by their addresses or, where these are in secrets, by its newest run. */
export async function hasSourcesOfDays({ pipelines }: Config, read: Reader): Promise<boolean> {
  const { sources, credentials } = pipelines.covid;
  const names = ["cases", "recoveries"] as const;
  if (names.some((name) => credentials[name].secretArn === undefined && hasDate(sources[name]))) return true;
  if (names.every((name) => credentials[name].secretArn === undefined)) return false;
  const ledger = await ledgerReader(read, "etl_run", "undoes");
  const { rows } = await ledger(
    `select cardinality(days) from (${LOADED}) as loaded where cardinality(days) > 0 and started = (select max(started) from (${LOADED}) as newest)`,
  );
  return rows.length > 0;
}

/** A run for each day that no run loaded. */
export async function planDays(
  read: Reader,
  shape: RunShape,
  { from, to, window, again = false }: Range,
): Promise<BackfillWork> {
  if (window !== 1) {
    throw new UsageError("The window of covid is a day", {
      got: `--window ${window}d`,
      expected: "1d: each run downloads the sources of its day",
    });
  }
  // The day of a run without a date, which the newest run of the schedule loads.
  const today = new Date().toISOString().slice(0, 10);
  const days = daysOf(from, to).filter((day) => day <= today);
  const future = daysOf(from, to).length - days.length;
  const ledger = await ledgerReader(read, "etl_run", "undoes");
  const loaded = await readLoaded(ledger, from, to);
  const rest = again ? days : days.filter((day) => !loaded.has(day));
  const taken = await estimate(ledger, rest.length, shape);
  return {
    runs: rest.map((day) => ({ from: day, to: day, input: { date: day }, loads: "the sources of that day" })),
    notes: [
      ...(loaded.size > 0
        ? [
            `${counted(loaded.size, "day of the range is", "days of the range are")} loaded already${again ? "" : ", and left out"}`,
          ]
        : []),
      ...(future > 0
        ? [
            `${counted(future, "day of the range is", "days of the range are")} after today (${today}, UTC), and left out`,
          ]
        : []),
    ],
    estimated: `${amountOf(rest.length, "run")}${renderTaken("this pipeline", taken)}`,
    facts: { loaded: loaded.size, runs: rest.length, ...taken, windows: rest.map((day) => ({ from: day, to: day })) },
  };
}

function daysOf(from: string, to: string): readonly string[] {
  const count = Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
  return Array.from({ length: count }, (_, at) => new Date(Date.parse(from) + at * DAY_MS).toISOString().slice(0, 10));
}

async function readLoaded(read: Reader, from: string, to: string): Promise<ReadonlySet<string>> {
  const { rows } = await read(
    `select distinct day from (${LOADED}) as loaded, unnest(days) as day where day between ${literal(from)} and ${literal(to)}`,
  );
  return new Set(rows.map(([day]) => String(day)));
}

/** By the newest runs: those of a day, if there are any. */
async function estimate(read: Reader, runs: number, shape: RunShape): Promise<Taken> {
  const { rows } = await read(`with loaded as (${LOADED}),
    newest as (select rows, took from loaded where (cardinality(days) > 0) = (select bool_or(cardinality(days) > 0) from loaded)
      order by started desc limit ${RUNS})
    select count(*), coalesce(sum(rows), 0), coalesce(sum(took), 0) from newest`);
  const [runCount = 0, rowCount = 0, took = 0] = (rows[0] ?? []).map(Number);
  if (runCount === 0) return {};
  const seconds = took / runCount;
  const usd = runCost({ started: new Date(0), finished: new Date(seconds * 1000) }, shape) ?? 0;
  return { rows: Math.round((rowCount / runCount) * runs), minutes: (seconds * runs) / 60, usd: usd * runs };
}
