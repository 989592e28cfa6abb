import { flag, section, wholeNumber } from "../kinds";

export const budgetSchema = section({
  monthlyUsd: wholeNumber(1, 1_000_000)
    .optional()
    .meta({
      description:
        "US dollars a month; at 80 %, at 100 %, and when 100 % is forecast, `notifications` get a message. Unset, there is no budget.",
      examples: [100],
    }),
  byTag: flag()
    .default(false)
    .meta({
      description:
        "Whether only resources tagged with our Project count, not the whole account. The payer account must have activated Project as a cost allocation tag; until then, nothing counts.",
      examples: [true],
    }),
})
  .prefault({})
  .meta({ description: "A budget of AWS Budgets; free of charge." });
