import * as z from "zod";
import { daysVariable, sizeVariables } from "../../core/database/database-environment";
import { pageVariables } from "../../core/pages/page-environment";

/** Environment of the step `send`. */
export const ordersEnvironment = z.object({
  /** Bucket that the partner's files come into; `rejected/` and `messages/` in it are the pipeline's own. */
  BUCKET: z.string().min(3),
  /** DynamoDB table with the keys `batch` and `name`, both text. */
  LEDGER_TABLE: z.string().min(3),
  /** Days after its last change that a batch's items in the ledger may go; not there, they stay. */
  LEDGER_DAYS: daysVariable(),
  /** URL of the outgoing FIFO queue. */
  QUEUE_URL: z.url().endsWith(".fifo"),
  /** SNS topic that is notified of each batch. */
  TOPIC_ARN: z.string().startsWith("arn:"),
  /** End of each notification: the place of the page. */
  PAGE: z.string().optional(),
  ...sizeVariables,
});

/** The stack's variables for `send`: all text. */
export type OrdersEnvironment = z.input<typeof ordersEnvironment>;

/** Environment of the step `render`. */
export const ordersPageEnvironment = z.object({
  ...ordersEnvironment.pick({ BUCKET: true, LEDGER_TABLE: true }).shape,
  ...pageVariables,
});

/** The stack's variables for `render`: all text. */
export type OrdersPageEnvironment = z.input<typeof ordersPageEnvironment>;
