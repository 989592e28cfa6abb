import * as z from "zod";

/** ARN of the Step Functions execution, for the log. */
const execution = z.string().optional();

/**
 * A part of an object, loaded by one worker: the rows that begin in `[start, end)`. One item of the manifest; times and
 * sizes are those of the listing.
 */
export const feedChunk = z.object({
  /** `import_object.id`. */
  object: z.int().positive(),
  key: z.string().min(1),
  /** Without its quotes: exactly this version is read. */
  etag: z.string().min(1),
  lastModified: z.iso.datetime(),
  /** Size of the whole object. */
  bytes: z.int().positive(),
  /** First byte of the chunk; 0 is the object's first. */
  start: z.int().nonnegative(),
  /** Byte after the chunk's last. */
  end: z.int().positive(),
});

export type FeedChunk = z.output<typeof feedChunk>;

/** The event of `preflight`: its content is ignored. */
export const preflightEvent = z.looseObject({});

/** Keys of objects to read again, and no others. Default, also for an empty list: new objects. */
const replay = z
  .array(z.string().min(1))
  .optional()
  .transform((keys) => (keys?.length === 0 ? undefined : keys));

/** The event of `plan`; the schedule sends neither field. */
export const planEvent = z.looseObject({
  /** Load objects that the ledger has again. Default: false. */
  full: z.boolean().optional(),
  replay,
  /** Begin a run only if one was requested while another was under way. Default: false. */
  again: z.boolean().optional(),
  /** The run's id; the same if the call is tried again. Default: a new one. */
  runId: z.uuid().optional(),
  execution,
});

/** The event of `load`. */
export const loadEvent = z.object({ runId: z.uuid(), chunk: feedChunk, execution });

/** The event of `summarise`. */
export const summariseEvent = z.looseObject({
  runId: z.uuid(),
  /** Why the run failed: it is recorded as failed, and nothing is summed up. */
  failure: z.string().optional(),
});

/** The event of `run`; the same again continues it. */
export const runEvent = z.looseObject({
  runId: z.uuid(),
  /** Like that of `plan`. Default: false. */
  full: z.boolean().optional(),
  replay,
  again: z.boolean().optional(),
  /** Like that of `summarise`. */
  failure: z.string().optional(),
  execution,
});

/** Where the manifest is: a JSON array of {@link FeedChunk}. */
export interface ManifestAddress {
  readonly bucket: string;
  readonly key: string;
}

/** The result of `plan`. */
export interface PlanResult {
  readonly runId: string;
  readonly manifest: ManifestAddress;
  /** Objects with something to load. */
  readonly objects: number;
  readonly chunks: number;
  /** To be read. */
  readonly bytes: number;
  /** Objects that the ledger has already, empty ones, and ones rejected before. */
  readonly skipped: number;
}

/** The result of `plan` if it began no run, which is a success. */
export interface NoRun {
  /**
   * The run that is under way: it lists again before it ends. Null if nothing was requested, and nothing is to be done.
   */
  readonly waitsFor: string | null;
  readonly text: string;
}

/**
 * A load's counts of its rows, without header and blank lines:
 * `rows = inserted + updated + unchanged + superseded + rejected + dropped`.
 */
export interface ChunkCounts {
  readonly rows: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Rows that gave way to a newer row of the same key, of this chunk or another. */
  readonly superseded: number;
  readonly rejected: number;
  /** Rows that were to be written and were not: triggers of the table dropped them. */
  readonly dropped: number;
  /** Rows among the inserted, updated or unchanged ones that triggers of the table changed. */
  readonly altered: number;
}

/** The result of `summarise`: the content of the notification. */
export interface FeedSummary extends ChunkCounts {
  readonly runId: string;
  readonly contract: string;
  readonly objects: number;
  /** Loaded chunks. */
  readonly chunks: number;
  /** Those of them loaded by runs that did not end and never reported them: their rows are counted here. */
  readonly takenOver: number;
  readonly seconds: number;
  /** "There were N inserts and M updates", or that there was nothing to do: the notification's text. */
  readonly text: string;
  /** As kept in the run ledger. */
  readonly warnings: readonly string[];
  /** Another listing was requested since this run began its own: begin the next run, with `again`. */
  readonly again: boolean;
}
