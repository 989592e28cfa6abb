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
        "Factor: a warning is given for a source with this many times more or fewer rows or bytes than the median of the last 20; null: never.",
      examples: [10],
    }),
  onUnusualSize: choice(["warn", "fail"])
    .default("warn")
    .meta({
      description: "Whether a run with such a source continues with a warning, or loads nothing.",
      examples: ["fail"],
    }),
};

/** Checks that a pipeline's runs make on its feed; each result is a warning of the run. */
export const checksSchema = section({
  staleDays: wholeNumberOrNone(1, 3650)
    .default(7)
    .meta({
      allowed: "a whole number from 1 to 3650, or null",
      description: "Days without new data after which each run warns; null: never. Seven suits a daily feed.",
      examples: [40],
    }),
  ...sizes,
})
  .prefault({})
  .meta({ description: "Checks of the feed as a whole, not of its rows." });

/** Checks of a batch of files. It arrives at any time; how often is the trigger's setting. */
export const batchChecksSchema = section(sizes).prefault({}).meta({
  description:
    "Checks of a batch's files as a whole, not of their rows: reported in its notification, or failing the batch.",
});

export type BatchChecksConfig = Readonly<z.output<typeof batchChecksSchema>>;
export type ChecksConfig = Readonly<z.output<typeof checksSchema>>;
