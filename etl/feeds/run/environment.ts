import * as z from "zod";
import { databaseVariables } from "../../core/database/database-environment";

const feed = {
  /** Name of a feed below `etl/feeds`. */
  FEED: z.string().min(1),
  /** Rejected rows that an object may have, in place of what the contract says: `10`, `0.5%`. */
  MAX_REJECTED: z.string().optional(),
};

const patterns = z
  .string()
  .transform((list) => JSON.parse(list))
  .pipe(z.array(z.string()))
  .optional();

const source = {
  ...feed,
  /** Bucket of the raw objects; it is only read. */
  SOURCE_BUCKET: z.string().min(3),
  /** Objects whose key begins so are meant: `sales/`; empty: all of the bucket. */
  SOURCE_PREFIX: z.string(),
};

/** Environment of the step `preflight`. */
export const preflightEnvironment = z.object({ ...source, ...databaseVariables });

/** Environment of the steps `plan` and `run`. */
export const planEnvironment = z.object({
  ...source,
  ...databaseVariables,
  /** Patterns of keys, as lists in JSON. */
  INCLUDE: patterns,
  EXCLUDE: patterns,
  /** Bucket that takes the manifests. */
  MANIFEST_BUCKET: z.string().min(3),
  /** What their keys begin with: `sales/manifests/`. */
  MANIFEST_PREFIX: z.string().min(1),
  /** Plain objects are cut into ranges of so many bytes, at least 64 KiB. */
  CHUNK_BYTES: z.string().regex(/^\d+$/, "expected a number of bytes").transform(Number).pipe(z.int().min(65_536)),
});

/** Environment of the step `load`. */
export const loadEnvironment = z.object({ ...source, ...databaseVariables });

/** Environment of the step `summarise`. */
export const summariseEnvironment = z.object({ ...feed, ...databaseVariables });

/** What the stack sets for `preflight`: all text. */
export type PreflightEnvironment = z.input<typeof preflightEnvironment>;

/** What the stack sets for `plan` and `run`: all text. */
export type PlanEnvironment = z.input<typeof planEnvironment>;

/** What the stack sets for `load`: all text. */
export type LoadEnvironment = z.input<typeof loadEnvironment>;

/** What the stack sets for `summarise`: all text. */
export type SummariseEnvironment = z.input<typeof summariseEnvironment>;
