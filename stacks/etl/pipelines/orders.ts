import type { Construct } from "constructs";
import { exceptOrders } from "../../../config/partners";
import type { Config } from "../../../config/schema";
import { OWN_PREFIXES, REJECTED_PREFIX } from "../../../config/schema/pipelines/orders";
import type { PageEnvironment } from "../../../etl/core/pages/page-environment";
import type { CountName } from "../../../etl/core/runs/metrics";
import type { OrdersEnvironment, OrdersPageEnvironment } from "../../../etl/pipelines/orders/environment";
import type { NodeFunction } from "../../../modules/function/node-function";
import { Queue } from "../../../modules/messaging/queue";
import { Alarm } from "../../../modules/observe/alarm";
import { inHours } from "../../../modules/observe/in-hours";
import { LedgerTable } from "../../../modules/storage/ledger-table";
import { sizeEnvironment } from "../database";
import { countsGraph, queueGraph } from "../graphs";
import { pageNote } from "../pages/page-messages";
import { Pipeline } from "../pipeline";
import type { Platform } from "../platform";

const DAY_SECONDS = 24 * 3600;

/** A partner's files: bucket → `send`, with a ledger in DynamoDB → a FIFO queue with one message per customer. */
export class OrdersPipeline extends Pipeline {
  readonly #settings: Config["pipelines"]["orders"];

  constructor(scope: Construct, platform: Platform) {
    super(scope, "orders", platform);
    this.#settings = platform.config.pipelines.orders;
    const { prefix, trigger, ledger } = this.#settings;
    const table = new LedgerTable(this, "ledger", {
      name: this.nameOf("ledger"),
      key: platform.key,
      protect: ledger.deletionProtection,
      expires: platform.config.retention.ledgerDays !== undefined,
    });
    const outgoing = this.#createOutgoing();
    const send = this.#createSend(table, outgoing);
    this.createTrigger(send, {
      settings: trigger,
      ...(prefix === "" ? { exceptPrefixes: exceptOrders(platform.config.pipelines) } : { prefix }),
    });
    this.#createPage(table);
    this.graphs.push(
      countsGraph("orders", "send", "messages", ["first", "corrected", "repeated", "unchanged", "rejected"]),
    );
  }

  #createOutgoing(): Queue {
    const { key } = this.platform;
    const { topic } = this;
    const { maxReceives, ...settings } = this.#settings.outgoing;
    const deadLetters = new Queue(this, "outgoing-dead-letters", {
      name: this.nameOf("outgoing-dead-letters"),
      key,
      fifo: true,
    });
    deadLetters.alarmWhenNotEmpty(
      topic,
      `A consumer of ${this.nameOf("outgoing")} received a message ${maxReceives} times and never deleted it. Fix the ` +
        "consumer, then move the messages back (aws sqs start-message-move-task); of one customer's messages the highest " +
        "version counts.",
    );
    const outgoing = new Queue(this, "outgoing", {
      ...settings,
      name: this.nameOf("outgoing"),
      key,
      fifo: true,
      redrive: { deadLetters, maxReceives },
      consumerArns: this.#settings.consumers.map(({ principalArn }) => principalArn),
    });
    const lostAfter = settings.retentionDays * DAY_SECONDS;
    const patience = Math.min(DAY_SECONDS, lostAfter / 2);
    outgoing.alarmWhenOld(
      topic,
      patience,
      `A message in ${outgoing.name} has waited for ${inHours(patience / 3600)}: no consumer receives them. Start the consumer; ` +
        `after ${inHours(lostAfter / 3600)} messages are lost.`,
    );
    this.output("queue_url", "The FIFO queue of messages, one per customer", outgoing.url);
    this.output("queue_arn", "The queue that consumers must be allowed to receive from", outgoing.arn);
    this.graphs.push(queueGraph("orders: outgoing", [outgoing, deadLetters]));
    return outgoing;
  }

  #createSend(ledger: LedgerTable, outgoing: Queue): NodeFunction {
    const { incoming, config } = this.platform;
    const { ledgerDays } = config.retention;
    const { topic } = this;
    const send = this.createStep("send", {
      description: "Reads the files of a batch and sends what its ledger does not have",
      settings: this.#settings.steps.send,
      environment: {
        BUCKET: incoming.name,
        LEDGER_TABLE: ledger.name,
        ...(ledgerDays !== undefined && { LEDGER_DAYS: String(ledgerDays) }),
        QUEUE_URL: outgoing.url,
        TOPIC_ARN: topic.arn,
        ...sizeEnvironment(this.#settings.checks),
        ...(config.pages.enabled && { PAGE: pageNote(this.platform, this.name) }),
      } satisfies OrdersEnvironment,
    });
    incoming.grantReadVersions(send, this.#settings.prefix);
    incoming.grantList(send);
    for (const prefix of OWN_PREFIXES) incoming.grantWrite(send, prefix);
    ledger.grantReadWrite(send);
    outgoing.grantSend(send);
    outgoing.grantDescribe(send);
    topic.grantPublish(send);
    this.#alarmWhenUntold(send);
    return send;
  }

  #createPage(ledger: LedgerTable): void {
    const { incoming } = this.platform;
    const render = this.createPage("Makes the page of batches, of the whole ledger", this.#settings.steps.render, {
      BUCKET: incoming.name,
      LEDGER_TABLE: ledger.name,
    } satisfies Omit<OrdersPageEnvironment, keyof PageEnvironment>);
    if (render === undefined) return;
    ledger.grantScan(render);
    incoming.grantReadVersions(render, REJECTED_PREFIX);
    incoming.grantList(render);
  }

  /** A batch whose messages are sent is done, even if its notification or its rejected rows failed. */
  #alarmWhenUntold(send: NodeFunction): void {
    new Alarm(this, "untold", {
      topic: this.topic,
      name: `${send.name}-untold`,
      description:
        "The messages of a batch were sent, but its notification could not be sent or its rejected rows could not be written: the log of " +
        `${send.name} says what and why (level WARN). Fix that; rejected rows are written when the batch is read again: ` +
        "npm run ops -- replay orders KEY, with the key of one of its files.",
      namespace: "millrace",
      metric: "untold" satisfies CountName<"messages">,
      dimensions: { service: "orders", step: "send" },
      statistic: "Sum",
      when: ">=",
      threshold: 1,
    });
  }
}
