import * as z from "zod";
import { isDay } from "../../core/fetch/date-in-address";
import type { FetchedSource } from "../../core/fetch/fetch";
import { maskLocation } from "../../core/fetch/mask-url";
import type { RawStore, Source } from "../../core/ports";
import { describeDropped, type NewestRecord, type RunReport, warningLines } from "../../core/runs/run-report";
import type { LoadReport } from "../../core/runs/runs";

const day = z.string().refine(isDay, { error: "expected a day as YYYY-MM-DD" });

/** A raw object as `fetch` passes it on; by hand, name and key are enough. */
const rawObject = z.object({
  name: z.enum(["cases", "recoveries"]),
  /** In the raw bucket, for example `covid/cases/2026-11-21/<sha256>.csv`. */
  key: z.string().min(1),
  /** Hex. */
  sha256: z.hash("sha256").optional(),
  bytes: z.int().nonnegative().optional(),
  /** Where it was downloaded from. */
  location: z.string().optional(),
  /** Whether the download found the same content as the last time. */
  unchanged: z.boolean().optional(),
  /** Whether it came without its length and ends within a line. */
  mayBeCut: z.boolean().optional(),
  /** The day that its address asked for, if it asks for one. */
  day: day.optional(),
});

/** The event that starts `fetch`: the execution's input. The schedule asks for nothing, and gets the day on which it runs. */
export const fetchEvent = z
  .looseObject({ asked: z.looseObject({ date: day.optional() }).optional() })
  .describe('an execution\'s input: {}, or {"date": "2026-03-01"} for another day than today');

/** The event that starts `load`: the result of `fetch`, of today or, for a replay, of any earlier day. */
export const loadEvent = z
  .object({
    objects: z
      .array(rawObject)
      .refine(isComplete, { error: "expected one object named cases and one named recoveries", abort: true }),
    /** ARN of the Step Functions execution, for the log. */
    execution: z.string().optional(),
  })
  .describe("the result of fetch, or name and key of an earlier run's objects");

export type LoadEvent = z.output<typeof loadEvent>;

/** A downloaded source as `load` takes it. */
export type FetchedObject = Required<Omit<RawEventObject, "mayBeCut" | "day">> &
  Pick<RawEventObject, "mayBeCut" | "day">;

type RawEventObject = LoadEvent["objects"][number];

/** The result of `fetch`: an event for `load`. */
export interface FetchResult {
  readonly objects: readonly FetchedObject[];
}

/** A downloaded source, as `fetch` passes it on. */
export function describeObject(
  name: FetchedObject["name"],
  {
    raw,
    location,
    unchanged,
    mayBeCut,
    day,
  }: Pick<FetchedSource, "raw" | "location" | "unchanged" | "mayBeCut" | "day">,
): FetchedObject {
  return {
    ...{ name, ...raw, location, unchanged },
    ...(mayBeCut === true && { mayBeCut }),
    ...(day !== undefined && { day }),
  };
}

/** The result of `load`, from which the notification is made. */
export interface LoadResult extends LoadReport {
  readonly runId: string;
  readonly newest?: NewestRecord;
  /** Its date, always present for the state machine's message, which cannot format a missing value; null: no record. */
  readonly newestDay: string | null;
  /** True when both sources had the content of the last run. */
  readonly sourcesUnchanged: boolean;
  /** "There were N inserts and M updates", and whether the sources are unchanged: for the execution's output. */
  readonly text: string;
  /**
   * A line about rows that the table did not store, with its line break; empty if there are none. For the message, like
   * `newestDay`.
   */
  readonly droppedLine: string;
  /** Lines of warnings, each after its line break; empty if there are none. For the message, like `newestDay`. */
  readonly warningLines: string;
}

/** A run's result for the state machine. */
export function summariseLoad(report: RunReport): LoadResult {
  const { runId, inserted, updated, unchanged, rejected, dropped, newest, sources } = report;
  const sourcesUnchanged = sources.length > 0 && sources.every((source) => source.unchanged === true);
  const counts = `There were ${inserted} inserts and ${updated} updates`;
  const text = sourcesUnchanged ? `${counts}; the sources are unchanged` : counts;
  const newestDay = newest?.date === undefined ? null : String(newest.date);
  const droppedLine = dropped === 0 ? "" : `\n${describeDropped(dropped)}`;
  const counted = { inserted, updated, unchanged, rejected, dropped };
  return {
    runId,
    ...counted,
    newest,
    newestDay,
    sourcesUnchanged,
    text,
    droppedLine,
    warningLines: warningLines(report),
  };
}

/** The raw objects of an event as sources of the pipeline. */
export function openObjects({ objects }: LoadEvent, store: Pick<RawStore, "open">): Source[] {
  return objects.map(({ name, key, bytes, location, unchanged, mayBeCut, day }) => ({
    name,
    location: location === undefined ? key : maskLocation(location),
    size: bytes,
    unchanged,
    mayBeCut,
    day,
    open: () => store.open(key),
  }));
}

function isComplete(objects: readonly { readonly name: string }[]): boolean {
  return (
    objects
      .map(({ name }) => name)
      .sort()
      .join() === "cases,recoveries"
  );
}
