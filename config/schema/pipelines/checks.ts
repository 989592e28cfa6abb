import type * as z from "zod";
import { choice, section, wholeNumber } from "../../kinds";

const wholeNumberOrNone = (least: number, most: number) =>
  wholeNumber(least, most)
    .nullable()
    .meta({ allowed: `a whole number from ${least} to ${most}, or null` });

const sizes = {
  sizeFactor: wholeNumberOrNone(2, 1000)
    .default(2)
    .meta({
      allowed: "a whole number from 2 to 1000, or null",
      description:
        "A source with so many times more or fewer rows or bytes than the median of the last 20 is told of; null tells of none.",
      examples: [10],
    }),
  onUnusualSize: choice(["warn", "fail"])
    .default("warn")
    .meta({
      description: "Whether a run with such a source goes on with a warning, or loads nothing.",
      examples: ["fail"],
    }),
};

/** What a pipeline's runs look for in its feed; each is told as a warning of the run. */
export const checksSchema = section({
  staleDays: wholeNumberOrNone(1, 3650)
    .default(7)
    .meta({
      allowed: "a whole number from 1 to 3650, or null",
      description: "Days without news after which each run says so; null never does. Seven fit a daily feed.",
      examples: [40],
    }),
  ...sizes,
})
  .prefault({})
  .meta({ description: "What runs look for in the feed, besides its rows." });

/** What a batch of files is looked through for: it comes when it comes, so that its trigger says how often. */
export const batchChecksSchema = section(sizes).prefault({}).meta({
  description:
    "What is looked for in a batch's files, besides their rows: told in its notification, or a failure of it.",
});

export type BatchChecksConfig = Readonly<z.output<typeof batchChecksSchema>>;
export type ChecksConfig = Readonly<z.output<typeof checksSchema>>;
