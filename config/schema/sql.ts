import { flag, section } from "../kinds";
import { stepSchema } from "./pipelines/steps";

export const sqlSchema = section({
  enabled: flag()
    .default(true)
    .meta({
      description: "Whether `npm run ops -- sql` is deployed: a function with which people read the database.",
      examples: [false],
    }),
  function: stepSchema("Its Lambda function: one statement a call, which may take 30 s.", {
    memoryMb: 512,
    timeoutSeconds: 60,
    reservedConcurrency: 2,
  }),
})
  .prefault({})
  .meta({ description: "SQL statements by people, who read the database through `npm run ops -- sql`." });
