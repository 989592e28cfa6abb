import { hash } from "node:crypto";
import type { OutgoingMessage } from "../../../core/objects/outbox";
import { formatAmount } from "../records/amount";
import type { BatchRecords } from "../records/batch-records";

/** Of docs/orders-message.schema.json; grows with each change that a consumer could trip over. */
export const SCHEMA_VERSION = 1;

/** The subject of a message. */
export interface MessageFacts {
  readonly batch: string;
  readonly customer: string;
  /** 1, or more after corrections; of two messages of a batch and customer the higher one counts. */
  readonly version: number;
  readonly body: string;
  /** As {@link hashBody} gives it. */
  readonly hash: string;
}

/**
 * The message about a customer: JSON, always the same text for the same content. Amounts are decimal numbers written
 * out, as JSON.stringify would pass them through a binary float.
 */
export function composeBody(records: BatchRecords, customer: number): string {
  const { id, name } = records.customer(customer);
  let total = 0n;
  const orders = records.ordersOf(customer).map(({ id: order, amount, items }) => {
    total += amount;
    return `{"id":${quote(order)},"amount":${formatAmount(amount)},"item_ids":[${items.map(quote).join(",")}]}`;
  });
  const spent = formatAmount(total);
  return `{"id":${quote(id)},"name":${quote(name)},"total_amount_spent":${spent},"orders":[${orders.join(",")}]}`;
}

/** Identifies a body. */
export function hashBody(body: string): string {
  return hash("sha256", body, "base64url");
}

/** A message for the queue. */
export function composeMessage(facts: MessageFacts): OutgoingMessage {
  const { batch, customer, version, body } = facts;
  return {
    body,
    group: groupOf(customer),
    deduplication: deduplicationOf(facts),
    attributes: { batch, version, schema_version: SCHEMA_VERSION, content: "message" },
  };
}

/** In place of a message too large for the queue: the place of its body. */
export function composePointer(message: OutgoingMessage, id: string, place: { bucket: string; key: string }) {
  const { body, attributes } = message;
  const bytes = Buffer.byteLength(body);
  const sha256 = hash("sha256", body);
  return {
    ...message,
    body: JSON.stringify({ id, body: { ...place, bytes, sha256 } }),
    attributes: { ...attributes, content: "pointer" },
  } satisfies OutgoingMessage;
}

/**
 * From batch, customer, content and version: a message that is sent again has the same one. Without the version, a
 * customer corrected and set right again within five minutes would look like a repetition of the first message, and SQS
 * would drop it.
 */
function deduplicationOf({ batch, customer, version, hash: content }: MessageFacts): string {
  return hash("sha256", JSON.stringify([batch, customer, version, content]));
}

/** The customer's id or, if SQS does not accept it as a group id, its hash. */
function groupOf(customer: string): string {
  return /^[\w!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]{1,128}$/.test(customer) ? customer : hash("sha256", customer);
}

/** A JSON string; U+FFFE and U+FFFF escaped, too, which SQS takes in no message. */
function quote(text: string): string {
  if (/^[\w -]*$/.test(text)) return `"${text}"`;
  return JSON.stringify(text).replace(/[\uFFFE\uFFFF]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16)}`);
}
