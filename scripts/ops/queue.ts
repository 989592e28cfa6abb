import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { MillraceError } from "../../etl/core/errors";
import { isMissing } from "./aws";

/** Approximate numbers of a queue's messages, from SQS: waiting, in work, and delayed. */
export interface QueueCounts {
  readonly waiting: number;
  readonly inFlight: number;
  readonly delayed: number;
}

/** A message must stay hidden from others while it is processed. */
const VISIBILITY_SECONDS = 60;

/** A queue of a deployed pipeline. */
export class DeployedQueue {
  readonly #sqs: SQSClient;
  readonly #url: string;

  private constructor(sqs: SQSClient, url: string) {
    this.#sqs = sqs;
    this.#url = url;
  }

  /** @throws MillraceError if there is no such queue */
  static async find(sqs: SQSClient, name: string): Promise<DeployedQueue> {
    try {
      const { QueueUrl = "" } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
      return new DeployedQueue(sqs, QueueUrl);
    } catch (cause) {
      if (!isMissing(cause)) throw cause;
      throw new MillraceError("The pipeline is not deployed", {
        got: `no queue ${name}`,
        fix: "Deploy etl, or check ENVIRONMENT, the region and the credentials",
        cause,
      });
    }
  }

  async counts(): Promise<QueueCounts> {
    const attributes = await this.#attributes();
    const count = (suffix: string) => Number(attributes[`ApproximateNumberOfMessages${suffix}`] ?? 0);
    return { waiting: count(""), inFlight: count("NotVisible"), delayed: count("Delayed") };
  }

  async arn(): Promise<string> {
    return (await this.#attributes()).QueueArn ?? "";
  }

  async send(body: string): Promise<void> {
    await this.#sqs.send(new SendMessageCommand({ QueueUrl: this.#url, MessageBody: body }));
  }

  /** Receives the messages, each once; those that are not deleted are visible again after a minute. */
  async *receive(): AsyncGenerator<Message> {
    const seen = new Set<string | undefined>();
    for (;;) {
      const { Messages = [] } = await this.#sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: this.#url,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: VISIBILITY_SECONDS,
          WaitTimeSeconds: 1,
          MessageAttributeNames: ["All"],
        }),
      );
      const fresh = Messages.filter(({ MessageId }) => !seen.has(MessageId));
      if (fresh.length === 0) return;
      for (const message of fresh) {
        seen.add(message.MessageId);
        yield message;
      }
    }
  }

  async delete({ ReceiptHandle }: Message): Promise<void> {
    await this.#sqs.send(new DeleteMessageCommand({ QueueUrl: this.#url, ReceiptHandle }));
  }

  /** Makes SQS move everything to another queue, in the background. */
  async moveTo(target: DeployedQueue): Promise<void> {
    await this.#sqs.send(
      new StartMessageMoveTaskCommand({ SourceArn: await this.arn(), DestinationArn: await target.arn() }),
    );
  }

  async #attributes(): Promise<Readonly<Record<string, string | undefined>>> {
    const { Attributes = {} } = await this.#sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: this.#url, AttributeNames: ["All"] }),
    );
    return Attributes;
  }
}
