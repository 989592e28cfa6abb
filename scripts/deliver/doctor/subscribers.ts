import { paginateListSubscriptionsByTopic, type SNSClient } from "@aws-sdk/client-sns";
import { type NotifiedTopic, notifiedTopics } from "../../../config/recipients";
import type { Config } from "../../../config/schema";

/** A subscriber of a topic. */
export interface Subscriber {
  readonly protocol: string;
  readonly endpoint: string;
  /** Nothing is sent before that. */
  readonly confirmed: boolean;
}

/** Undefined if there is no such topic. */
export async function listSubscribers(sns: SNSClient, TopicArn: string): Promise<readonly Subscriber[] | undefined> {
  const found: Subscriber[] = [];
  try {
    for await (const page of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn })) {
      for (const { Protocol: protocol = "", Endpoint: endpoint = "", SubscriptionArn = "" } of page.Subscriptions ??
        []) {
        found.push({ protocol, endpoint, confirmed: SubscriptionArn.startsWith("arn:") });
      }
    }
  } catch (error) {
    if (error instanceof Error && /^NotFound/.test(error.name)) return undefined;
    throw error;
  }
  return found;
}

/**
 * What to do so that all messages of an environment reach somebody, one line each.
 *
 * @param neighbour the ARN of any resource of the same environment
 */
export async function describeAllUnheard(
  config: Config,
  sns: SNSClient,
  neighbour: string,
): Promise<readonly string[]> {
  const [, partition = "aws", , region = "", account = ""] = neighbour.split(":");
  const lines: string[] = [];
  for (const topic of notifiedTopics(config)) {
    const subscribers = await listSubscribers(sns, `arn:${partition}:sns:${region}:${account}:${topic.name}`);
    lines.push(...describeUnheard(topic, subscribers));
  }
  return lines;
}

/** What to do so that a topic's messages reach somebody, one line each; none if nothing is wrong. */
export function describeUnheard(
  { name, emails }: NotifiedTopic,
  subscribers: readonly Subscriber[] | undefined,
): readonly string[] {
  if (subscribers === undefined) return [`${name}: there is no such topic. Deploy etl`];
  const waiting = subscribers.filter(({ confirmed }) => !confirmed).map(({ endpoint }) => endpoint);
  // AWS deletes an unconfirmed subscription, and Terraform creates it again at the next deployment.
  const gone = emails.filter((email) => !subscribers.some(({ endpoint }) => endpoint === email));
  const unconfirmed = [...waiting, ...gone];
  return [
    ...(subscribers.length > waiting.length
      ? []
      : [`${name}: nobody hears of its runs and alarms, since no subscription is confirmed`]),
    ...(unconfirmed.length === 0
      ? []
      : [
          `${name}: not confirmed: ${unconfirmed.join(", ")}. Open the link in the mail of AWS Notifications; if it is lost or ` +
            "older than three days, remove the address, deploy, and set it again",
        ]),
  ];
}
