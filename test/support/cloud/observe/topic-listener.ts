import { ListTopicsCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import * as z from "zod";
import type { Cloud } from "../../../../scripts/cloud/cloud";

/** One that a pipeline has for itself bears its name, too. */
const OF_ALL = /:millrace-(dev|prod)-notifications$/;

const notification = z.object({ Subject: z.string(), Message: z.string() });

export interface ReceivedNotification {
  readonly subject: string;
  readonly text: string;
}

/** A queue that is told what a topic's subscribers are told. */
export class TopicListener {
  readonly #sqs: SQSClient;
  readonly #url: string | undefined;

  private constructor(sqs: SQSClient, url: string | undefined) {
    this.#sqs = sqs;
    this.#url = url;
  }

  /** Subscribes to the topic of all pipelines. */
  static async subscribe(cloud: Cloud): Promise<TopicListener> {
    const sqs = new SQSClient(cloud.client);
    const sns = new SNSClient(cloud.client);
    const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
    const topic = Topics.find(({ TopicArn }) => OF_ALL.test(TopicArn ?? ""));
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "topic-listener" }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }));
    const Endpoint = Attributes?.QueueArn;
    await sns.send(new SubscribeCommand({ TopicArn: topic?.TopicArn, Protocol: "sqs", Endpoint }));
    return new TopicListener(sqs, QueueUrl);
  }

  /** Everything that came since the last call. */
  async received(): Promise<readonly ReceivedNotification[]> {
    const found: ReceivedNotification[] = [];
    for (;;) {
      const receive = new ReceiveMessageCommand({ QueueUrl: this.#url, MaxNumberOfMessages: 10 });
      const { Messages = [] } = await this.#sqs.send(receive);
      if (Messages.length === 0) return found;
      for (const { Body, ReceiptHandle } of Messages) {
        const { Subject, Message } = notification.parse(JSON.parse(Body ?? "null"));
        found.push({ subject: Subject, text: Message });
        await this.#sqs.send(new DeleteMessageCommand({ QueueUrl: this.#url, ReceiptHandle }));
      }
    }
  }

  async remove(): Promise<void> {
    await this.#sqs.send(new DeleteQueueCommand({ QueueUrl: this.#url }));
  }
}
