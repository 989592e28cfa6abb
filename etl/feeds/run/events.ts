import * as z from "zod";

/** ARN of the Step Functions execution, for the log. */
const execution = z.string().optional();

/**
 * A part of an object that one worker loads: the rows that begin in `[start, end)`. One item of the manifest; times and
 * sizes as the listing gave them.
 */
export const feedChunk = z.object({
  /** `import_object.id`. */
  object: z.int().positive(),
  key: z.string().min(1),
  /** Without its quotes: exactly this version is read. */
  etag: z.string().min(1),
  lastModified: z.iso.datetime(),
  /** Of the whole object. */
  bytes: z.int().positive(),
  /** Byte that the chunk begins at; 0 is the object's first. */
  start: z.int().nonnegative(),
  /** Byte after the chunk's last. */
  end: z.int().positive(),
});

export type FeedChunk = z.output<typeof feedChunk>;

/** What starts `preflight`: nothing of it matters. */
export const preflightEvent = z.looseObject({});

/** Keys of objects that are read again, and no others. Default, and where there is none: what is new. */
const replay = z
  .array(z.string().min(1))
  .optional()
  .transform((keys) => (keys?.length === 0 ? undefined : keys));

/** What starts `plan`; the schedule sends neither. */
export const planEvent = z.looseObject({
  /** Load objects again that the ledger has. Default: false. */
  full: z.boolean().optional(),
  replay,
  /** Begin a run only where somebody requested one while another was under way. Default: false. */
  again: z.boolean().optional(),
  /** What the run is called; the same when the call is tried again. Default: made up. */
  runId: z.uuid().optional(),
  execution,
});

/** What starts `load`. */
export const loadEvent = z.object({ runId: z.uuid(), chunk: feedChunk, execution });

/** What starts `summarise`. */
export const summariseEvent = z.looseObject({
  runId: z.uuid(),
  /** Why the run failed: it is written down as failed, and nothing is summed up. */
  failure: z.string().optional(),
});

/** What starts `run`, and what goes on with it: the same again. */
export const runEvent = z.looseObject({
  runId: z.uuid(),
  /** As of `plan`. Default: false. */
  full: z.boolean().optional(),
  replay,
  again: z.boolean().optional(),
  /** As of `summarise`. */
  failure: z.string().optional(),
  execution,
});

/** Where the manifest is: a JSON array of {@link FeedChunk}. */
export interface ManifestAddress {
  readonly bucket: string;
  readonly key: string;
}

/** What `plan` gives. */
export interface PlanResult {
  readonly runId: string;
  readonly manifest: ManifestAddress;
  /** Objects with something to load. */
  readonly objects: number;
  readonly chunks: number;
  /** To be read. */
  readonly bytes: number;
  /** Objects that the ledger has already, that are empty, or that were rejected before. */
  readonly skipped: number;
}

/** What `plan` gives where it began no run, which is a success. */
export interface NoRun {
  /** The run that is under way: it lists once more before it ends. Null where nothing was requested, and nothing is to be done. */
  readonly waitsFor: string | null;
  readonly text: string;
}

/**
 * What a load did with its rows, header and blank lines left out:
 * `rows = inserted + updated + unchanged + superseded + rejected + dropped`.
 */
export interface ChunkCounts {
  readonly rows: number;
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Gave way to a newer row of the same key, of this chunk or another. */
  readonly superseded: number;
  readonly rejected: number;
  /** Were to be written and were not: triggers of the table dropped them. */
  readonly dropped: number;
  /** Of those inserted, updated or unchanged, what triggers of the table changed. */
  readonly altered: number;
}

/** What `summarise` gives: what the notification is made of. */
export interface FeedSummary extends ChunkCounts {
  readonly runId: string;
  readonly contract: string;
  readonly objects: number;
  /** Loaded chunks. */
  readonly chunks: number;
  /** Those of them that runs which did not end had loaded: they told nobody, so that their rows are counted here. */
  readonly takenOver: number;
  readonly seconds: number;
  /** "There were N inserts and M updates", or that there was nothing to do: the notification's text. */
  readonly text: string;
  /** As the run ledger keeps them. */
  readonly warnings: readonly string[];
  /** Somebody requested another listing since this run began its own: begin the next one, with `again`. */
  readonly again: boolean;
}
