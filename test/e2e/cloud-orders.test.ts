import { gzipSync } from "node:zlib";
import { override } from "../../config/overrides";
import type { Cloud } from "../../scripts/cloud/cloud";
import type { Deployment } from "../../scripts/cloud/deployment";
import { cloudMissing, startCloud } from "../support/cloud/cloud";
import { EmulatedFeeds } from "../support/cloud/emulated/emulated-feeds";
import { entriesWith } from "../support/cloud/observe/function-log";
import { TopicListener } from "../support/cloud/observe/topic-listener";
import { keepProvider } from "../support/cloud/provider/kept-provider";
import { doors, doorsSuite } from "../support/cloud/suites/doors-suite";
import { forgetSuite } from "../support/cloud/suites/forget-suite";
import { monthlySuite } from "../support/cloud/suites/monthly-suite";
import { ordersFilesSuite } from "../support/cloud/suites/orders/orders-files-suite";
import { ordersUndoSuite } from "../support/cloud/suites/orders/orders-undo-suite";
import { type OrdersWorld, ordersWorld } from "../support/cloud/suites/orders/orders-world";
import { OrdersConsumer, type ReceivedMessage } from "../support/cloud/suites/orders-consumer";
import { peopleOf } from "../support/cloud/suites/people";
import { queuePagesSuite } from "../support/cloud/suites/queue-pages-suite";
import { lettersOf, soon, webhookTo } from "../support/cloud/webhook-cloud";
import { WebhookReceiver } from "../support/fakes/webhook-receiver";
import { FILES } from "../support/files/orders-files";
import { describeUnless } from "../support/files/real-data";
import { plannedChanges, planOf } from "../support/plans/plan-changes";
import { millionRows } from "../support/processes/orders-million";
import { withExistingDatabase } from "../support/servers/existing-database";

const MINUTES = 60_000;
/** Longer than any test: what is shown is that AWS and Terraform take it. */
const days = { revisionDays: 30, rejectedDays: 45 };
const retention = { rawDays: 60, incomingDays: 100, messagesDays: 31, ledgerDays: 400, ...days };
/** Of the monthly function alone. */
const DATABASE = "warehouse";

describeUnless(cloudMissing, "files that are put into the incoming bucket of the emulated AWS", () => {
  let cloud: Cloud;
  let deployment: Deployment;
  let feeds: EmulatedFeeds;
  let consumer: OrdersConsumer;
  let world: OrdersWorld;
  let receiver: WebhookReceiver;
  const people = peopleOf(() => ({ cloud, feeds }));

  beforeAll(async () => {
    receiver = await WebhookReceiver.start();
    ({ cloud, deployment } = await startCloud({
      recorded: true,
      overrides: async (started) =>
        [
          { ...doors, retention, pages: { enabled: true, refresh: "rate(1 hour)" } },
          await webhookTo(started, receiver),
        ].reduce(override, await withExistingDatabase(started, DATABASE, {})),
    }));
    deployment = await keepProvider(deployment, "administrator");
    await deployment.build();
    await deployment.deploy("network", "etl");
    feeds = new EmulatedFeeds(cloud, "millrace-dev");
    consumer = new OrdersConsumer(cloud, "millrace-dev-orders-outgoing.fifo");
    const topic = await TopicListener.subscribe(cloud);
    world = ordersWorld({ cloud, feeds, consumer, topic });
  }, 6 * MINUTES);

  afterAll(async () => {
    await cloud?.stop();
    await receiver?.stop();
  });

  test(
    "a webhook is told; while its receiver is down, what it was not told is kept and raises an alarm",
    async () => {
      // Act
      await world.putAll("webhook/", FILES);
      await feeds.settle();
      const told = await soon(
        () => receiver.posted.splice(0),
        (posted) => posted.length > 0,
      );
      receiver.answer = 500;
      await feeds.upload("webhook/orders_20230828.csv", FILES.orders.replace("2,300.00", "2,299.99"));
      const kept = await soon(
        () => lettersOf(cloud, "millrace-dev-webhooks-dead-letters"),
        (count) => count > 0,
      );
      receiver.answer = 200;

      // Assess
      expect(told).toMatchObject([
        { body: { text: expect.stringMatching(/^\*INFO: millrace orders: succeeded\*\n/) } },
      ]);
      expect(receiver.posted).toHaveLength(3);
      expect(kept).toBe(1);
      await consumer.received();
      await world.topic.received();
    },
    MINUTES,
  );

  test(
    "a second plan shows no changes",
    async () => expect(plannedChanges(await planOf(deployment, "etl"))).toEqual([]),
    3 * MINUTES,
  );

  ordersFilesSuite(() => world);
  ordersUndoSuite(() => ({ ...world, deployment, people }));

  describe("of others", () => {
    doorsSuite(() => ({ cloud, deployment, feeds, consumer }));
    forgetSuite(() => ({ cloud, deployment, feeds, consumer, people }));
    monthlySuite(() => ({ cloud, database: DATABASE, ...days }));
  });

  test(
    "may have a million rows; a message that is too large for the queue points to where it lies",
    async () => {
      // Prepare
      const { customerCount, itemCount, cents, ...files } = millionRows();

      // Act
      await world.putAll("million/", { ...files, items: gzipSync(files.items, { level: 1 }) });
      await feeds.settle();

      // Assess
      const messages = await consumer.received();
      const bodies = await Promise.all(messages.map(bodyOf));
      const totals = bodies.map((body) => JSON.parse(body));
      const items = totals.flatMap(({ orders }) =>
        orders.map((order: { item_ids: string[] }) => order.item_ids.length),
      );
      const spent = totals.map(({ total_amount_spent: amount }) => BigInt(Math.round(amount * 100)));
      expect(messages).toHaveLength(customerCount);
      expect(messages.filter(({ content }) => content === "pointer")).toHaveLength(1);
      expect(items.reduce((sum, count) => sum + count, 0)).toBe(itemCount);
      expect(spent.reduce((sum, amount) => sum + amount, 0n)).toBe(cents);
      process.stderr.write(`the worker of the million rows: ${(await world.log("orders-send")).at(-1)}\n`);
    },
    4 * MINUTES,
  );

  test("are summarized below their prefix: by type, size and version, whatever their keys are", async () => {
    // Prepare
    const keys = ["uploads/plain.txt", "uploads/a b+c 100%.csv", "uploads/über/ключ 文.json"];
    const details = { ContentType: "text/plain; charset=utf-8", Metadata: { owner: "me" } };

    // Act
    const versions = await Promise.all(keys.map((key) => feeds.upload(key, "x".repeat(1536), details)));
    await feeds.upload("elsewhere/plain.txt", "x");
    await feeds.settle();

    // Assess
    const all = entriesWith("summary", await world.log("metadata-summarize")) as readonly { readonly key: string }[];
    // A partner has put some there, too.
    const summaries = all.filter(({ key }) => !key.startsWith("uploads/acme/"));
    const expected = keys.map((key, index) => ({
      ...{
        bucket: feeds.bucket,
        key,
        ...versions[index],
        content_type: details.ContentType,
        metadata: { owner: "me" },
      },
      ...{ size: 1.5, last_modified: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) },
    }));
    expect(summaries).toHaveLength(keys.length);
    expect(summaries).toEqual(expect.arrayContaining(expected));
  });

  test("may be gone again when they are summarized; being denied is a failure, and succeeds when moved back", async () => {
    // Act
    await feeds.whileHeld("metadata", async () => {
      await feeds.upload("uploads/gone.txt", "x");
      await feeds.remove("uploads/gone.txt");
    });
    await feeds.settle();
    const afterGone = await feeds.deadLetters("metadata");
    await feeds.whileDenied("uploads/secret", async () => {
      await feeds.upload("uploads/secret.txt", "x");
      await feeds.settle();
    });
    const afterDenied = await feeds.deadLetters("metadata");
    await feeds.redrive("metadata");
    await feeds.settle();

    // Assess
    expect([afterGone, afterDenied, await feeds.deadLetters("metadata")]).toEqual([0, 1, 0]);
    const lines = await world.log("metadata-summarize");
    expect(entriesWith("reason", lines)).toContain("gone again");
    const secret = expect.objectContaining({ key: "uploads/secret.txt", size: 1 / 1024 });
    expect(entriesWith("summary", lines)).toContainEqual(secret);
  });

  describe("and what became of them", () => queuePagesSuite(() => ({ cloud })));

  async function bodyOf({ content, body }: ReceivedMessage): Promise<string> {
    return content === "pointer" ? world.read(JSON.parse(body).body.key) : body;
  }
});
