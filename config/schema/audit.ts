import { choice, flag, section, wholeNumber } from "../kinds";

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
        "Whether it has the account's management events. Set false if a trail of the account or its organisation has them already: AWS charges for each further copy.",
      examples: [false],
    }),
  retentionDays: wholeNumber(90, 3_653)
    .default(400)
    .meta({ description: "Days that its files are kept in their bucket.", examples: [2557] }),
})
  .prefault({})
  .meta({ description: "A CloudTrail trail of the bootstrap, with a bucket and a key of its own." });

/** Of what an account can have one of in each region. */
const singleton = () => choice(["off", "create", "existing"]).default("off");

export const auditSchema = section({
  trail: auditTrailSchema,
  config: singleton().meta({
    description:
      "AWS Config rules for the project's resources: `create` also makes the recorder that they need, of which an account has one in each region; `existing`: the account has it already, so only the rules are made.",
    examples: ["existing"],
  }),
  securityHub: singleton().meta({
    description:
      "Security Hub's standard *AWS Foundational Security Best Practices*: `create` also switches Security Hub on; `existing`: the account has it already, so only the standard is subscribed to.",
    examples: ["off"],
  }),
})
  .refine(({ trail, config }) => trail.enabled || config !== "create", {
    path: ["config"],
    error: "off or existing where audit.trail.enabled is false: a recorder delivers into the trail's bucket",
  })
  .refine(({ config, securityHub }) => config !== "off" || securityHub === "off", {
    path: ["securityHub"],
    error: "off where audit.config is off: most checks of Security Hub are AWS Config rules",
  })
  .prefault({})
  .meta({ description: "The record of who did what." });
