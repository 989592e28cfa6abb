import * as z from "zod";
import { databaseVariables } from "../../core/database/database-environment";

const feed = {
  /** Name of a feed below `etl/feeds`. */
  FEED: z.string().min(1),
  /** Limit of an object's rejected rows, replacing the contract's: `10`, `0.5%`. */
  MAX_REJECTED: z.string().optional(),
};

const verdicts = {
  /** Bucket of the raw objects, where a verdict is written beside each of them. Unset: none is. */
  VERDICT_BUCKET: z.string().min(3).optional(),
};

const patterns = z
  .string()
  .transform((list) => JSON.parse(list))
  .pipe(z.array(z.string()))
  .optional();

const source = {
  ...feed,
  /** Bucket of the raw objects; read-only. */
  SOURCE_BUCKET: z.string().min(3),
  /** Prefix of the objects' keys: `sales/`; empty: the whole bucket. */
  SOURCE_PREFIX: z.string(),
};

/** Environment of the step `preflight`. */
export const preflightEnvironment = z.object({ ...source, ...databaseVariables });

/** Environment of the steps `plan` and `run`. */
export const planEnvironment = z.object({
  ...source,
  ...databaseVariables,
  ...verdicts,
  /** Patterns of keys, as lists in JSON. */
  INCLUDE: patterns,
  EXCLUDE: patterns,
  /** Bucket of the manifests, and of files of corrected rows. */
  MANIFEST_BUCKET: z.string().min(3),
  /** Prefix of their keys: `sales/manifests/`. */
  MANIFEST_PREFIX: z.string().min(1),
  /** Size in bytes of the ranges that plain objects are cut into, at least 64 KiB. */
  CHUNK_BYTES: z.string().regex(/^\d+$/, "expected a number of bytes").transform(Number).pipe(z.int().min(65_536)),
});

/** Environment of the step `load`. */
export const loadEnvironment = z.object({
  ...source,
  ...databaseVariables,
  /** Bucket of files of corrected rows. */
  MEND_BUCKET: z.string().min(3),
});

/** Environment of the step `summarise`. */
export const summariseEnvironment = z.object({ ...feed, ...databaseVariables, ...verdicts });

/** The variables that the stack sets for `preflight`: all text. */
export type PreflightEnvironment = z.input<typeof preflightEnvironment>;

/** The variables that the stack sets for `plan` and `run`: all text. */
export type PlanEnvironment = z.input<typeof planEnvironment>;

/** The variables that the stack sets for `load`: all text. */
export type LoadEnvironment = z.input<typeof loadEnvironment>;

/** The variables that the stack sets for `summarise`: all text. */
export type SummariseEnvironment = z.input<typeof summariseEnvironment>;
