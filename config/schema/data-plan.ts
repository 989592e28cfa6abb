import * as z from "zod";
import { section } from "../kinds";

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
        "Rows, or messages, that a pull request may remove or change without the label `allow-data-change`, as a share of those of its base: by pipeline or feed, on the samples.",
      examples: [0],
    }),
})
  .prefault({})
  .meta({ description: "What a pull request may do to the data (`npm run data-plan`)." });
