import * as z from "zod";
import type { Frozen } from "../frozen";
import { checkedText, choice, flag, keyArn, rejectedLimit, section, wholeNumber } from "../kinds";
import { isBucketName, isNamePart } from "../rules/names";
import { recipientsSchema } from "./notifications";
import { checksSchema } from "./pipelines/checks";
import { scheduleSchema } from "./pipelines/schedule";
import { stepSchema } from "./pipelines/steps";
import { keyPrefix } from "./pipelines/trigger";

/**
 * What remains of the 64 characters of an IAM role's name after the longest project (16) and environment (12), their
 * hyphens, and the longest suffix, `-overdue-schedule`.
 */
export const LONGEST_RESOURCE_NAME = 17;

const PATTERNS =
  "a list of up to 10 texts of up to 64 characters; * stands for any characters, including slashes, ? for one";

/**
 * Two lists and all other variables fit into the 4 KB of a function's environment ("Lambda quotas", Lambda developer
 * guide).
 */
const patterns = (description: string, example: string) =>
  z
    .array(z.string(PATTERNS).min(1, PATTERNS).max(64, PATTERNS), PATTERNS)
    .max(10, PATTERNS)
    .default([])
    .meta({ allowed: PATTERNS, description, examples: [[example]] });

const feedSchema = section({
  enabled: flag()
    .default(true)
    .meta({ description: "Whether the feed is deployed.", examples: [false] }),
  schedule: scheduleSchema("cron(0 2 * * ? *)"),
  trigger: choice(["schedule", "objects"])
    .default("schedule")
    .meta({
      description: "What starts a run: only the schedule, or also each new object in the incoming bucket.",
      examples: ["objects"],
    }),
  source: section({
    bucket: checkedText(isBucketName, "a bucket's name")
      .optional()
      .meta({
        description: "The bucket with the raw files; unset, the stack's incoming bucket.",
        examples: ["acme-raw"],
      }),
    keyArn: keyArn()
      .optional()
      .meta({
        description: "The customer managed key of that bucket, if it has one.",
        examples: ["arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"],
      }),
    prefix: keyPrefix()
      .optional()
      .meta({
        description: "Key prefix of the raw files; unset, the feed's name and a slash.",
        examples: ["sales/2026/"],
      }),
  })
    .prefault({})
    .meta({ description: "Where the raw files are." }),
  engine: choice(["lambda", "distributed-map"])
    .default("lambda")
    .meta({
      description:
        "What loads the chunks: one function, called again while any are left, or Step Functions' Distributed Map, many in parallel. With both, an object that cannot be cut must load in one call of 15 minutes.",
      examples: ["distributed-map"],
    }),
  include: patterns("Patterns of keys to read, without the prefix; unset, all except hidden ones.", "*.csv"),
  exclude: patterns("Patterns of keys to skip.", "archive/*"),
  verdicts: flag()
    .default(false)
    .meta({
      description:
        "Whether each run writes KEY.verdict.json beside each object: rows accepted and rejected, and the first reasons.",
      examples: [true],
    }),
  maxRejected: rejectedLimit()
    .optional()
    .meta({ description: "Rejected rows that an object may have; unset, the contract's limit.", examples: ["0.5%"] }),
  chunkMiB: wholeNumber(1, 1024)
    .default(64)
    .meta({
      description: "Plain objects larger than this are cut into byte ranges of this size, in MiB.",
      examples: [128],
    }),
  maxConcurrency: wholeNumber(1, 1000)
    .default(4)
    .meta({
      description:
        "Chunks that a distributed-map loads at once, each over one connection; at most the load step's reservedConcurrency, and for all feeds together at most the database's connectionLimit.",
      examples: [5],
    }),
  maxHours: wholeNumber(1, 720)
    .default(24)
    .meta({
      description: "Hours after which a run is ended, with an alarm; the next one continues from there.",
      examples: [72],
    }),
  resourceName: checkedText(
    (text) => isNamePart(text, LONGEST_RESOURCE_NAME),
    `2 to ${LONGEST_RESOURCE_NAME} lower-case letters, digits and single hyphens, a letter first, no hyphen last`,
  )
    .optional()
    .meta({
      description:
        "The feed's name on AWS; unset, its name here. Changing it replaces all its resources. For a feed that was pipelines.import, import keeps the deployed resources.",
      examples: ["import"],
    }),
  checks: checksSchema,
  recipients: recipientsSchema,
  steps: section({
    preflight: stepSchema("Checks network, secret, database and bucket.", { memoryMb: 256, timeoutSeconds: 60 }),
    plan: stepSchema("Lists the raw files and cuts them into chunks.", { memoryMb: 1024, timeoutSeconds: 600 }),
    load: stepSchema("Validates, stages and upserts one chunk.", {
      memoryMb: 1769,
      timeoutSeconds: 900,
      reservedConcurrency: 5,
    }),
    summarise: stepSchema("Summarises the run.", { memoryMb: 512, timeoutSeconds: 300 }),
    run: stepSchema("The engine lambda: plans, loads and summarises, in as many calls as that takes.", {
      memoryMb: 1769,
      timeoutSeconds: 900,
      reservedConcurrency: 5,
    }),
  })
    .prefault({})
    .meta({ description: "The feed's Lambda functions." }),
})
  // As for a queue: a throttled call counts as a try.
  .refine(({ maxConcurrency, steps: { load } }) => maxConcurrency <= (load.reservedConcurrency ?? maxConcurrency), {
    path: ["maxConcurrency"],
    error: "at most the load step's reservedConcurrency",
  })
  .refine(({ verdicts, source: { bucket, prefix } }) => !verdicts || (bucket === undefined && prefix !== ""), {
    path: ["verdicts"],
    error:
      "false if source.bucket is set or source.prefix is empty: verdicts are written into the incoming bucket below a prefix",
  })
  .refine(
    ({ trigger, source: { bucket, prefix } }) => trigger === "schedule" || (bucket === undefined && prefix !== ""),
    {
      path: ["trigger"],
      error:
        "schedule if source.bucket is set or source.prefix is empty: only objects of the incoming bucket below a prefix start runs",
    },
  );

/** Feeds by their names, which are those of etl/feeds. */
export const feedsSchema = z
  .record(z.string(), feedSchema, "an object of feeds, by name")
  .default({})
  .meta({ description: "One section per deployed feed of etl/feeds: raw CSV of any size in S3." });

type Settings = Frozen<z.output<typeof feedSchema>>;

/** A feed's settings, with the names that default to the feed's name. */
export interface FeedConfig extends Settings {
  readonly resourceName: string;
  readonly source: Settings["source"] & { readonly prefix: string };
}

/** The steps that an engine deploys. */
export function stepsOfEngine(engine: FeedConfig["engine"]): readonly (keyof FeedConfig["steps"])[] {
  return engine === "lambda" ? ["preflight", "run"] : ["preflight", "plan", "load", "summarise"];
}

/** Connections that its chunks hold at once. */
export function connectionsOf({ engine, maxConcurrency }: Pick<FeedConfig, "engine" | "maxConcurrency">): number {
  return engine === "lambda" ? 1 : maxConcurrency;
}

export function withOwnNames(name: string, settings: Settings): FeedConfig {
  const { source, resourceName = name } = settings;
  return { ...settings, resourceName, source: { ...source, prefix: source.prefix ?? `${name}/` } };
}

export type FeedsConfig = Readonly<Record<string, Settings>>;
