import { amountOf } from "../../../etl/core/counted";
import { type RunShape, runCost } from "../../../etl/core/prices/run-cost";
import { literal } from "../../run/prove/stored-run";
import type { Reader } from "../../run/undo/as-of";
import type { Window } from "./windows";

/** What runs would take by the ledger's own rates; nothing where it has no run yet. */
export interface Taken {
  readonly rows?: number;
  readonly minutes?: number;
  readonly usd?: number;
}

/** What a backfill of a feed would take. */
export interface Estimate extends Taken {
  readonly runs: number;
  readonly objects: number;
  readonly bytes: number;
}

/** What runs of a feed loaded, and how long they took. */
interface Rates {
  readonly rows: number;
  readonly bytes: number;
  readonly chunks: number;
  /** Of the chunks. */
  readonly seconds: number;
  readonly runs: number;
  /** Of the runs, from beginning to end. */
  readonly took: number;
}

/** How many runs count: the newest. */
const RUNS = 50;

export async function readRates(read: Reader, feed: string): Promise<Rates | undefined> {
  const { rows } = await read(`with newest as (
      select r.id, extract(epoch from r.finished - r.started) as took from etl_run r join import_run i on i.run = r.id
      where i.contract = ${literal(feed)} and r.status = 'succeeded' and exists (select from import_chunk c where c.run = r.id and c.refused is null)
      order by r.started desc limit ${RUNS})
    select coalesce(sum(c.rows), 0), coalesce(sum(c.past - c.first), 0), count(*), coalesce(sum(c.seconds), 0),
      (select count(*) from newest), (select coalesce(sum(took), 0) from newest)
    from import_chunk c where c.run in (select id from newest) and c.refused is null`);
  const [rowCount = 0, bytes = 0, chunks = 0, seconds = 0, runs = 0, took = 0] = (rows[0] ?? []).map(Number);
  return bytes === 0 ? undefined : { rows: rowCount, bytes, chunks, seconds, runs, took };
}

/**
 * @param atOnce chunks that are loaded side by side
 */
export function estimate(
  windows: readonly Window[],
  rates: Rates | undefined,
  { shape, atOnce }: { readonly shape: RunShape; readonly atOnce: number },
): Estimate {
  const objects = windows.reduce((sum, window) => sum + window.objects.length, 0);
  const bytes = windows.reduce((sum, window) => sum + bytesOf(window), 0);
  const sizes = { runs: windows.length, objects, bytes };
  if (rates === undefined) return sizes;
  // What a run takes besides its chunks: listing, starts of functions, the end.
  const besides = Math.max(0, rates.took - rates.seconds / atOnce) / rates.runs;
  let [seconds, usd] = [0, 0];
  for (const window of windows) {
    const chunks = Math.max(window.objects.length, Math.round((bytesOf(window) / rates.bytes) * rates.chunks));
    const work = (bytesOf(window) / rates.bytes) * rates.seconds;
    const took = besides + work / Math.min(atOnce, chunks);
    seconds += took;
    const run = { started: new Date(0), finished: new Date(took * 1000), chunks: { count: chunks, seconds: work } };
    usd += runCost(run, shape) ?? 0;
  }
  return { ...sizes, rows: Math.round((bytes / rates.bytes) * rates.rows), minutes: seconds / 60, usd };
}

export function bytesOf({ objects }: Window): number {
  return objects.reduce((sum, { bytes }) => sum + bytes, 0);
}

export function renderEstimate({ runs, objects, bytes, ...taken }: Estimate): string {
  const sizes = `${amountOf(objects, "object")} of ${count(Math.ceil(bytes / 1024))} KiB in ${amountOf(runs, "run")}`;
  return `${sizes}${renderTaken("this feed", taken)}`;
}

/** The end of a sentence. */
export function renderTaken(of: string, { rows, minutes, usd }: Taken): string {
  if (rows === undefined || minutes === undefined || usd === undefined) {
    return `; the ledger has no run of ${of} yet, so neither rows nor time nor cost are known`;
  }
  const time = minutes < 1 ? "less than a minute" : amountOf(Math.ceil(minutes), "minute");
  const cost = usd < 0.01 ? "less than 0.01" : usd.toFixed(2);
  return `: by the ledger's rates about ${amountOf(rows, "row")}, ${time}, ${cost} USD of Lambda, Step Functions and S3`;
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}
