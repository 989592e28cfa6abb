import { checkedText, flag, keyArn, section, text, wholeNumber } from "../../kinds";
import { isBucketName } from "../../rules/names";
import { recipientsSchema } from "../notifications";
import { checksSchema } from "./checks";
import { scheduleSchema } from "./schedule";
import { stepSchema } from "./steps";
import { keyPrefix } from "./trigger";

export const importSchema = section({
  enabled: flag()
    .default(false)
    .meta({ description: "Whether the pipeline is deployed.", examples: [true] }),
  schedule: scheduleSchema("cron(0 2 * * ? *)"),
  contract: text(/^[a-z][a-z0-9-]{0,62}$/, "the name of a file in etl/feeds, without its end")
    .default("sales")
    .meta({ description: "What the raw files hold, and the table that takes it.", examples: ["meters"] }),
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
        description: "The customer key of that bucket, where it has one.",
        examples: ["arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"],
      }),
    prefix: keyPrefix()
      .default("import/")
      .meta({ description: "What the keys of the raw files begin with.", examples: ["sales/2026/"] }),
  })
    .prefault({})
    .meta({ description: "Where the raw files are." }),
  chunkMiB: wholeNumber(1, 1024)
    .default(64)
    .meta({ description: "Plain objects above this size are cut into byte ranges of it, in MiB.", examples: [128] }),
  maxConcurrency: wholeNumber(1, 1000)
    .default(4)
    .meta({
      description:
        "Chunks loaded at once, each over one connection; at most the load step's reservedConcurrency and the database's connectionLimit.",
      examples: [5],
    }),
  toleratedFailurePercentage: wholeNumber(0, 100)
    .default(0)
    .meta({
      description: "Share of the chunks that may fail, all tries included, before the run does.",
      examples: [1],
    }),
  maxHours: wholeNumber(1, 720)
    .default(24)
    .meta({
      description: "Hours after which a run is ended, with an alarm; the next one goes on where it was.",
      examples: [72],
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
    summarise: stepSchema("Sums up the run.", { memoryMb: 512, timeoutSeconds: 300 }),
  })
    .prefault({})
    .meta({ description: "The pipeline's Lambda functions." }),
})
  // As for a queue: what is throttled counts as a try.
  .refine(({ maxConcurrency, steps: { load } }) => maxConcurrency <= (load.reservedConcurrency ?? maxConcurrency), {
    path: ["maxConcurrency"],
    error: "at most the load step's reservedConcurrency",
  })
  .prefault({})
  .meta({ description: "Raw CSV of any size in S3, for hours if need be." });
