import { setTimeout as wait } from "node:timers/promises";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Overrides } from "../../../config/overrides";
import type { Cloud } from "../../../scripts/cloud/cloud";
import type { WebhookReceiver } from "../fakes/webhook-receiver";

const PAUSE_MS = 200;
const PATIENCE_MS = 30_000;

/** A configuration with one webhook, whose secret is there. */
export async function webhookTo(cloud: Cloud, { address }: WebhookReceiver): Promise<Overrides> {
  const create = new CreateSecretCommand({ Name: "webhook", SecretString: address });
  const { ARN: secretArn } = await new SecretsManagerClient(cloud.client).send(create);
  return { notifications: { webhooks: [{ name: "team", kind: "slack", secretArn }] } };
}

/** How many messages a queue has. */
export async function lettersOf(cloud: Cloud, QueueName: string): Promise<number> {
  const sqs = new SQSClient(cloud.client);
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  const AttributeNames = ["ApproximateNumberOfMessages" as const];
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
  return Number(Attributes?.ApproximateNumberOfMessages);
}

/** What `look` finds once it is right, or in the end. */
export async function soon<Found>(
  look: () => Found | Promise<Found>,
  isRight: (found: Found) => boolean,
): Promise<Found> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (isRight(found) || Date.now() > until) return found;
    await wait(PAUSE_MS);
  }
}
