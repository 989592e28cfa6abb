import { flag, section } from "../../kinds";
import { recipientsSchema } from "../notifications";
import { partnersSchema } from "./doors";
import { stepSchema } from "./steps";
import { keyPrefix, triggerSchema, withinReserved } from "./trigger";

export const metadataSchema = withinReserved(
  section({
    enabled: flag()
      .default(true)
      .meta({ description: "Whether the pipeline is deployed.", examples: [false] }),
    prefix: keyPrefix()
      .default("uploads/")
      .meta({
        description: "Key prefix of the objects in the incoming bucket; empty means all.",
        examples: ["scans/"],
      }),
    trigger: triggerSchema(10),
    partners: partnersSchema("uploads/acme/"),
    recipients: recipientsSchema,
    steps: section({
      summarize: stepSchema("Reads an object's metadata and logs it.", {
        memoryMb: 256,
        timeoutSeconds: 60,
        reservedConcurrency: 5,
      }),
      render: stepSchema("Makes the page from the log.", { memoryMb: 256, timeoutSeconds: 300 }),
    })
      .prefault({})
      .meta({ description: "The pipeline's Lambda functions." }),
  }),
)
  .prefault({})
  .meta({ description: "A summary of every uploaded object." });
