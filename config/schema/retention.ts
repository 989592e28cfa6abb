import { section, wholeNumber } from "../kinds";

export const retentionSchema = section({
  revisionDays: wholeNumber(1, 36_500)
    .optional()
    .meta({
      description:
        "Days after which a run of the pipeline that found them ends revisions (`revision`); unset, they are kept for ever.",
      examples: [730],
    }),
})
  .prefault({})
  .meta({ description: "How long what runs found out is kept in the database." });
