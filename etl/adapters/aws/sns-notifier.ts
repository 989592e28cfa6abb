import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Notification, Notifier } from "../../core/ports";

/** Publishes to a topic, with attributes by which subscribers may filter. Needs sns:Publish on it. */
export class SnsNotifier implements Notifier {
  readonly #client: SNSClient;
  readonly #topicArn: string;
  readonly #end: string;

  /** @param note the end of each message. Default: none */
  constructor(client: SNSClient, topicArn: string, note?: string) {
    this.#client = client;
    this.#topicArn = topicArn;
    this.#end = note === undefined ? "" : `\n${note}`;
  }

  async notify({ subject, text, pipeline, status }: Notification): Promise<void> {
    const severity = status === "failed" ? "error" : "info";
    await this.#client.send(
      new PublishCommand({
        TopicArn: this.#topicArn,
        Subject: `${severity.toUpperCase()}: ${subject}`,
        Message: `${text}${this.#end}`,
        MessageAttributes: { severity: attribute(severity), pipeline: attribute(pipeline) },
      }),
    );
  }
}

function attribute(StringValue: string) {
  return { DataType: "String", StringValue };
}
