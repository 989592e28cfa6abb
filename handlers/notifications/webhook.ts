import { SecretsProvider } from "@aws-lambda-powertools/parameters/secrets";
import * as z from "zod";
import { postWebhook } from "../../etl/adapters/http/webhook";
import { readMessage } from "../../etl/core/webhook/message";
import { WEBHOOK_KINDS, webhookPayload } from "../../etl/core/webhook/payload";
import { readEnvironment } from "../environment";
import { clientConfig, defineStep } from "../step";

/** Less than the function has; Lambda tries the event twice more. */
const TIMEOUT_MS = 10_000;

const env = readEnvironment(
  z.object({ WEBHOOK_NAME: z.string(), WEBHOOK_KIND: z.enum(WEBHOOK_KINDS), WEBHOOK_SECRET_ARN: z.string() }),
);
const secrets = new SecretsProvider({ clientConfig });

/** "Invoking Lambda functions with Amazon SNS notifications", Lambda developer guide: one message per event. */
const snsEvent = z.object({
  Records: z
    .array(
      z.object({
        Sns: z.object({
          Subject: z.string().nullish(),
          Message: z.string(),
          Timestamp: z.string(),
          MessageAttributes: z.record(z.string(), z.object({ Value: z.string() })).default({}),
        }),
      }),
    )
    .length(1),
});

export const handler = defineStep(
  { pipeline: "notifications", name: "webhook", event: snsEvent },
  async ({ Records: [record] }) => {
    const { Subject, Message, Timestamp, MessageAttributes } = record?.Sns ?? { Message: "", Timestamp: "" };
    const attributes = Object.entries(MessageAttributes ?? {}).map(([name, { Value }]) => [name, Value]);
    const message = readMessage({
      subject: Subject ?? undefined,
      message: Message,
      time: Timestamp,
      attributes: Object.fromEntries(attributes),
    });
    // Read again each time: a changed address takes effect at once, and messages are few.
    const address = await secrets.get(env.WEBHOOK_SECRET_ARN, { maxAge: 0, forceFetch: true });
    await postWebhook(String(address ?? "").trim(), webhookPayload(env.WEBHOOK_KIND, message), {
      name: env.WEBHOOK_NAME,
      timeoutMs: TIMEOUT_MS,
    });
    return { severity: message.severity, subject: message.subject };
  },
);
