import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { Cloud } from "../../../../scripts/cloud/cloud";

/** A message as its consumer gets it. */
export interface ReceivedMessage {
  readonly batch: string;
  readonly version: number;
  /** `message` or `pointer`. */
  readonly content: string;
  readonly group: string;
  readonly deduplication: string;
  readonly body: string;
}

/** Takes the messages of `orders` out of their queue. */
export class OrdersConsumer {
  readonly #sqs: SQSClient;
  readonly #url: string;

  constructor(cloud: Cloud, queue: string) {
    this.#sqs = new SQSClient(cloud.client);
    this.#url = `${cloud.endpoint}/123456789012/${queue}`;
  }

  /** Everything that came since the last call. */
  async received(): Promise<readonly ReceivedMessage[]> {
    const found: ReceivedMessage[] = [];
    for (;;) {
      const { Messages = [] } = await this.#sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: this.#url,
          MaxNumberOfMessages: 10,
          MessageSystemAttributeNames: ["All"],
          MessageAttributeNames: ["All"],
        }),
      );
      if (Messages.length === 0) return found;
      found.push(...Messages.map(describe));
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await this.#sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.#url, Entries }));
    }
  }
}

function describe({ Body = "", Attributes = {}, MessageAttributes = {} }: Message): ReceivedMessage {
  const text = (name: string) => MessageAttributes[name]?.StringValue ?? "";
  return {
    batch: text("batch"),
    version: Number(text("version")),
    content: text("content"),
    group: Attributes.MessageGroupId ?? "",
    deduplication: Attributes.MessageDeduplicationId ?? "",
    body: Body,
  };
}
