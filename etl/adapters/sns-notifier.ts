import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Notification, Notifier } from "../core/ports";

/** Tells a topic. Needs sns:Publish on it. */
export class SnsNotifier implements Notifier {
  readonly #client: SNSClient;
  readonly #topicArn: string;

  constructor(client: SNSClient, topicArn: string) {
    this.#client = client;
    this.#topicArn = topicArn;
  }

  async notify({ subject, text }: Notification): Promise<void> {
    await this.#client.send(new PublishCommand({ TopicArn: this.#topicArn, Subject: subject, Message: text }));
  }
}
