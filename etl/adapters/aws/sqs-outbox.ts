import {
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { bulkhead, ExponentialBackoff, handleType, retry } from "cockatiel";
import { counted } from "../../core/counted";
import { MillraceError } from "../../core/errors";
import { attributeType, messageBytes, type Outbox, type OutgoingMessage } from "../../core/objects/outbox";

/** Amazon SQS API reference, SendMessageBatch. */
const MOST_PER_BATCH = 10;
const AT_ONCE = 16;

/** The service failed to accept some messages of a batch. */
class NotTakenError extends MillraceError {
  override readonly name = "NotTakenError";
}

/**
 * A FIFO queue, sent to in batches of ten. Messages of one group must not be in one call of `send`: its batches are
 * sent concurrently, in no order.
 *
 * Needs sqs:SendMessage and sqs:GetQueueAttributes on the queue.
 */
export class SqsOutbox implements Outbox {
  readonly #client: SQSClient;
  readonly #url: string;
  #maxBytes: Promise<number> | undefined;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  /** Read from the queue, once: 256 KiB or 1 MiB, depending on its age and settings. */
  maxBytes(): Promise<number> {
    this.#maxBytes ??= this.#askMaxBytes().catch((error) => {
      this.#maxBytes = undefined;
      throw error;
    });
    return this.#maxBytes;
  }

  async send(messages: readonly OutgoingMessage[]): Promise<void> {
    const limit = bulkhead(AT_ONCE, Number.POSITIVE_INFINITY);
    const batches = cut(messages, await this.maxBytes());
    await Promise.all(batches.map((batch) => limit.execute(() => this.#sendBatch(batch))));
  }

  async #askMaxBytes(): Promise<number> {
    const asked = new GetQueueAttributesCommand({ QueueUrl: this.#url, AttributeNames: ["MaximumMessageSize"] });
    const { Attributes } = await this.#client.send(asked);
    return Number(Attributes?.MaximumMessageSize ?? SMALLEST_LIMIT);
  }

  async #sendBatch(batch: readonly OutgoingMessage[]): Promise<void> {
    let left = batch.map(toEntry);
    const again = retry(handleType(NotTakenError), { maxAttempts: 5, backoff: new ExponentialBackoff() });
    await again.execute(async () => {
      const { Failed = [] } = await this.#client.send(
        new SendMessageBatchCommand({ QueueUrl: this.#url, Entries: left }),
      );
      const [first] = Failed;
      if (first === undefined) return;
      const details = { got: `${first.Code}: ${first.Message}`, where: { source: this.#url } };
      if (Failed.some(({ SenderFault }) => SenderFault)) throw new MillraceError("SQS refused a message", details);
      left = left.filter(({ Id }) => Failed.some((failure) => failure.Id === Id));
      throw new NotTakenError(`SQS did not accept ${Failed.length} of ${counted(batch.length, "message")}`, details);
    });
  }
}

const SMALLEST_LIMIT = 262_144;

/** Batches of at most ten messages, together no larger than the limit of one message. */
function cut(messages: readonly OutgoingMessage[], maxBytes: number): OutgoingMessage[][] {
  const batches: OutgoingMessage[][] = [];
  let room = 0;
  for (const message of messages) {
    const bytes = messageBytes(message);
    const last = batches.at(-1);
    if (last === undefined || last.length === MOST_PER_BATCH || bytes > room) {
      batches.push([message]);
      room = maxBytes - bytes;
    } else {
      last.push(message);
      room -= bytes;
    }
  }
  return batches;
}

function toEntry(message: OutgoingMessage, index: number): SendMessageBatchRequestEntry {
  return {
    Id: String(index),
    MessageBody: message.body,
    MessageGroupId: message.group,
    MessageDeduplicationId: message.deduplication,
    MessageAttributes: Object.fromEntries(
      Object.entries(message.attributes).map(([name, value]) => [
        name,
        { DataType: attributeType(value), StringValue: String(value) },
      ]),
    ),
  };
}
