import { flag, section, wholeNumber } from "../kinds";

export const auditTrailSchema = section({
  enabled: flag()
    .default(false)
    .meta({
      description:
        "Whether the bootstrap creates a CloudTrail trail: who read or changed an object of the project's buckets, who called `ops sql`, and the account's management events in all regions.",
      examples: [true],
    }),
  managementEvents: flag()
    .default(true)
    .meta({
      description:
        "Whether it has the account's management events. Set false if a trail of the account or its organization has them already: AWS charges for each further copy.",
      examples: [false],
    }),
  retentionDays: wholeNumber(90, 3_653)
    .default(400)
    .meta({ description: "Days that its files are kept in their bucket.", examples: [2557] }),
})
  .prefault({})
  .meta({ description: "A CloudTrail trail of the bootstrap, with a bucket and a key of its own." });

export const auditSchema = section({ trail: auditTrailSchema })
  .prefault({})
  .meta({ description: "The record of who did what." });
