/** A message on its way to a FIFO queue. */
export interface OutgoingMessage {
  readonly body: string;
  /** Messages of one group keep their order; at most 128 letters, digits and punctuation marks of ASCII. */
  readonly group: string;
  /** A queue drops messages with the same one within five minutes; characters like those of `group`. */
  readonly deduplication: string;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** The queue that messages go to. */
export interface Outbox {
  /** The largest allowed message, counted by {@link messageBytes}. */
  maxBytes(): Promise<number>;
  /** Sends all; those of one group in this order. @throws if one could not be sent, though others may have been */
  send(messages: readonly OutgoingMessage[]): Promise<void>;
}

/**
 * The size counted by SQS: the body, and name, type and value of each attribute (SQS developer guide, "Message
 * metadata").
 */
export function messageBytes({ body, attributes }: Pick<OutgoingMessage, "body" | "attributes">): number {
  const parts = Object.entries(attributes).flatMap(([name, value]) => [name, attributeType(value), String(value)]);
  return [body, ...parts].reduce((sum, part) => sum + Buffer.byteLength(part), 0);
}

/** The data type of a message attribute. */
export function attributeType(value: string | number): "String" | "Number" {
  return typeof value === "number" ? "Number" : "String";
}
