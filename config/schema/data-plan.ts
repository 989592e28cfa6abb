import * as z from "zod";
import { section, wholeNumber } from "../kinds";

const PERCENT = "0 to 100";

export const dataPlanSchema = section({
  maxChangedPercent: z
    .number(PERCENT)
    .min(0, PERCENT)
    .max(100, PERCENT)
    .default(1)
    .meta({
      allowed: PERCENT,
      description:
        "Rows, or messages, that a pull request may remove or change without the label `allow-data-change`, as a share of those of its base: by pipeline or feed.",
      examples: [0],
    }),
  rawObjects: wholeNumber(0, 1_000)
    .default(0)
    .meta({
      description:
        "Raw objects of each deployed feed, and downloads of each source of covid, that *Plan* compares on: the newest ones. 0: the samples, and no right on AWS. Otherwise the plan role, which every pull request of the repository can use, may read these prefixes, and the comments show values of real rows (not those of `sensitive` columns). Run the bootstrap again after a change.",
      examples: [3],
    }),
})
  .prefault({})
  .meta({ description: "What a pull request may do to the data (`npm run data-plan`)." });
