import { flag, section, wholeNumber } from "../../kinds";
import { recipientsSchema } from "../notifications";
import { batchChecksSchema } from "./checks";
import { consumersSchema, partnersSchema } from "./doors";
import { stepSchema } from "./steps";
import { keyPrefix, triggerSchema, withinReserved } from "./trigger";

/** Where the pipeline keeps rejected rows, in the incoming bucket. */
export const REJECTED_PREFIX = "rejected/";
/** Prefixes that the pipeline itself writes in the incoming bucket: not a partner's files. */
export const OWN_PREFIXES = [REJECTED_PREFIX, "messages/"] as const;

export const ordersSchema = withinReserved(
  section({
    enabled: flag()
      .default(true)
      .meta({ description: "Whether the pipeline is deployed.", examples: [false] }),
    prefix: keyPrefix()
      .default("")
      .meta({
        description: "Key prefix of the partner's files in the incoming bucket.",
        examples: ["partner/"],
      }),
    trigger: triggerSchema(5),
    partners: partnersSchema("acme/"),
    consumers: consumersSchema(),
    ledger: section({
      deletionProtection: flag()
        .default(true)
        .meta({ description: "Whether AWS refuses to delete the ledger table.", examples: [false] }),
    })
      .prefault({})
      .meta({ description: "The record of what was sent to whom." }),
    outgoing: section({
      retentionDays: wholeNumber(1, 14)
        .default(14)
        .meta({ description: "Days that a message waits for its consumer.", examples: [7] }),
      visibilitySeconds: wholeNumber(0, 43_200)
        .default(300)
        .meta({
          description: "Seconds that a consumer has for a message before it is delivered again.",
          examples: [60],
        }),
      maxReceives: wholeNumber(1, 1000)
        .default(10)
        .meta({ description: "Tries of a consumer before a message goes to the dead-letter queue.", examples: [5] }),
    })
      .prefault({})
      .meta({ description: "The FIFO queue of messages, one per customer." }),
    checks: batchChecksSchema,
    recipients: recipientsSchema,
    steps: section({
      send: stepSchema("Reads the files of a batch and sends what is not yet in its ledger.", {
        memoryMb: 1024,
        timeoutSeconds: 900,
        reservedConcurrency: 5,
      }),
      render: stepSchema("Makes the page from the whole ledger.", { memoryMb: 512, timeoutSeconds: 300 }),
    })
      .prefault({})
      .meta({ description: "The pipeline's Lambda functions." }),
  }),
)
  .prefault({})
  .meta({ description: "A partner's files, turned into one message per customer." });
