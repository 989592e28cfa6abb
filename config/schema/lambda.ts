import { choice, flag, section } from "../kinds";

export const lambdaSchema = section({
  runtime: choice(["nodejs22.x", "nodejs24.x"])
    .default("nodejs22.x")
    .meta({
      description: "What every function runs in; nodejs24.x needs the AWS provider 6.19 or later.",
      examples: ["nodejs24.x"],
    }),
  reserveConcurrency: flag()
    .default(true)
    .meta({
      description:
        "Whether steps reserve their reservedConcurrency; false leaves every function unreserved. AWS keeps at least 10 of the account's quota unreserved, and 10 is all that a new account has.",
      examples: [false],
    }),
})
  .prefault({})
  .meta({ description: "What all Lambda functions have in common." });
