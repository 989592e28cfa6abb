import { flag, section, wholeNumber } from "../kinds";

export const budgetSchema = section({
  monthlyUsd: wholeNumber(1, 1_000_000)
    .optional()
    .meta({
      description:
        "US dollars a month; at 80 %, at 100 %, and where 100 % is forecast, `notifications` are told. Unset, there is no budget.",
      examples: [100],
    }),
  byTag: flag()
    .default(false)
    .meta({
      description:
        "Whether only what is tagged with our Project counts, not all of the account. Whoever pays for the account must have activated Project as a cost allocation tag; before, nothing counts.",
      examples: [true],
    }),
})
  .prefault({})
  .meta({ description: "A budget of AWS Budgets; free of charge." });
