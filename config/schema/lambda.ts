import { choice, flag, section } from "../kinds";

export const lambdaSchema = section({
  runtime: choice(["nodejs22.x", "nodejs24.x"])
    .default("nodejs22.x")
    .meta({
      description: "The runtime of every function; nodejs24.x needs the AWS provider 6.19 or later.",
      examples: ["nodejs24.x"],
    }),
  reserveConcurrency: flag()
    .default(true)
    .meta({
      description:
        "Whether steps reserve their reservedConcurrency; false leaves every function unreserved. AWS keeps at least 10 of the account's quota unreserved, and a new account has just 10.",
      examples: [false],
    }),
})
  .prefault({})
  .meta({ description: "Settings of all Lambda functions." });
