import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { override } from "../../config/overrides";
import type { Cloud } from "../../scripts/cloud/cloud";
import type { Deployment } from "../../scripts/cloud/deployment";
import { cloudMissing, startCloud } from "../support/cloud/cloud";
import { EmulatedFeeds } from "../support/cloud/emulated-feeds";
import { entriesWith, functionLog } from "../support/cloud/function-log";
import { keepProvider } from "../support/cloud/kept-provider";
import { doors, doorsSuite } from "../support/cloud/suites/doors-suite";
import { forgetSuite } from "../support/cloud/suites/forget-suite";
import { monthlySuite } from "../support/cloud/suites/monthly-suite";
import { OrdersConsumer, type ReceivedMessage } from "../support/cloud/suites/orders-consumer";
import { queuePagesSuite } from "../support/cloud/suites/queue-pages-suite";
import { TopicListener } from "../support/cloud/topic-listener";
import { lettersOf, soon, webhookTo } from "../support/cloud/webhook-cloud";
import { WebhookReceiver } from "../support/fakes/webhook-receiver";
import { ARRIVALS, FILES, MESSAGES } from "../support/files/orders-files";
import { describeUnless } from "../support/files/real-data";
import { plannedChanges, planOf } from "../support/plans/plan-changes";
import { millionRows } from "../support/processes/orders-million";
import { withExistingDatabase } from "../support/servers/existing-database";

const SECOND_MS = 1000;
const MINUTES = 60 * SECOND_MS;
/** Longer than any test: what is shown is that AWS and Terraform take it. */
const days = { revisionDays: 30, rejectedDays: 45 };
const retention = { rawDays: 60, incomingDays: 100, messagesDays: 31, ledgerDays: 400, ...days };
/** Of the monthly function alone. */
const DATABASE = "warehouse";
const KINDS = ["customers", "orders", "items"] as const;
type Files = Readonly<Record<(typeof KINDS)[number], string | Uint8Array>>;

describeUnless(cloudMissing, "files that are put into the incoming bucket of the emulated AWS", () => {
  let cloud: Cloud;
  let deployment: Deployment;
  let feeds: EmulatedFeeds;
  let consumer: OrdersConsumer;
  let topic: TopicListener;
  let receiver: WebhookReceiver;

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
    topic = await TopicListener.subscribe(cloud);
  }, 6 * MINUTES);

  afterAll(async () => {
    await cloud?.stop();
    await receiver?.stop();
  });

  test(
    "a webhook is told; while its receiver is down, what it was not told is kept and raises an alarm",
    async () => {
      // Act
      await putAll("webhook/", FILES);
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
      await topic.received();
    },
    MINUTES,
  );

  test(
    "a second plan shows no changes",
    async () => expect(plannedChanges(await planOf(deployment, "etl"))).toEqual([]),
    3 * MINUTES,
  );

  test(
    "give the three messages, once, in all six orders of arrival, each file twice",
    async () => {
      // Act: round by round, so that each file has arrived before the next one is put.
      for (const round of [0, 1, 2]) {
        for (const _ of ["once", "twice"]) {
          await Promise.all(ARRIVALS.map((kinds, order) => put(`arrival-${order}/`, kinds[round])));
          await feeds.settle();
        }
      }

      // Assess
      const batches = byBatch(await consumer.received());
      expect(Object.keys(batches)).toHaveLength(6);
      for (const messages of Object.values(batches)) expect(messages.map(({ body }) => body).sort()).toEqual(MESSAGES);
    },
    2 * MINUTES,
  );

  test("give them once when all three come at the same moment, more than one batch of them", async () => {
    // Act
    await Promise.all(["at-once/", "at-once-too/"].flatMap((prefix) => KINDS.map((kind) => put(prefix, kind))));
    await feeds.settle();

    // Assess
    const batches = byBatch(await consumer.received());
    expect(Object.values(batches).map((messages) => messages.map(({ body }) => body).sort())).toEqual([
      MESSAGES,
      MESSAGES,
    ]);
  });

  test(
    "give each message, one content under one version, when the worker is killed after each of its steps",
    async () => {
      // Prepare
      const prefixOf = (step: number) => `killed-${String(step).padStart(2, "0")}/`;
      let steps = 0;

      // Act
      for (let isOver = false; !isOver; ) {
        steps += 1;
        await Promise.all([put(prefixOf(steps), "customers"), put(prefixOf(steps), "orders")]);
        await feeds.settle();
        await feeds.crashAfter(steps);
        await put(prefixOf(steps), "items");
        await feeds.settle();
        isOver = await feeds.stopCrashing();
      }

      // Assess
      const batches = byBatch(await consumer.received());
      expect(steps).toBeGreaterThan(20);
      expect(Object.keys(batches)).toHaveLength(steps);
      for (const messages of Object.values(batches)) {
        const contents = new Map(messages.map(({ deduplication, body }) => [deduplication, body]));
        expect([...contents.values()].sort()).toEqual(MESSAGES);
        expect(messages.every(({ version }) => version === 1)).toBe(true);
      }
    },
    6 * MINUTES,
  );

  test("sum exactly, and names come through whatever they hold", async () => {
    // Prepare
    const names = ["Doe, John", 'Jane "J" Smith', "Zoë 😀🏳️‍🌈", "'; --"];
    const quoted = names.map((name, index) => `${index + 1},"${name.replaceAll('"', '""')}"`);

    // Act
    await putAll("exactly/", {
      customers: `customer_id,customer_name\n${quoted.join("\n")}\n`,
      orders: "order_id,customer_id,amount\n1,1,0.10\n2,1,0.20\n",
      items: "item_id,order_id\n",
    });
    await feeds.settle();

    // Assess
    const bodies = (await consumer.received()).map(({ body }) => body).sort();
    expect(bodies.map((body) => JSON.parse(body).name)).toEqual(names);
    expect(bodies[0]).toContain('"total_amount_spent":0.3,"orders":[{"id":"1","amount":0.1,"item_ids":[]},');
    expect(bodies[1]).toContain('"total_amount_spent":0,"orders":[]');
  });

  test("that are corrected the next day send only the changed customer, as version 2", async () => {
    // Prepare
    await putAll("corrected/", FILES);
    await feeds.settle();
    await consumer.received();

    // Act
    await feeds.upload("corrected/orders_20230828.csv", FILES.orders.replace("2,300.00", "2,299.99"));
    await feeds.settle();

    // Assess
    const messages = await consumer.received();
    expect(messages).toMatchObject([{ batch: "corrected/20230828", version: 2, group: "2" }]);
    expect(messages[0]?.body).toContain('"total_amount_spent":299.99,');
  });

  test("are found under a prefix with spaces, plus signs and letters that are not ASCII, packed or not", async () => {
    // Act
    await putAll("orders 2023+08é/", { ...FILES, orders: gzipSync(FILES.orders) });
    await feeds.settle();

    // Assess
    const messages = await consumer.received();
    expect(messages.map(({ body }) => body).sort()).toEqual(MESSAGES);
    expect(new Set(messages.map(({ batch }) => batch))).toEqual(new Set(["orders 2023+08é/20230828"]));
  });

  test("have their bad rows put aside and told of, and are ignored under another name", async () => {
    // Prepare
    await topic.received();

    // Act
    await putAll("bad/", { ...FILES, orders: `${FILES.orders.trimEnd()}\n1006,9,1.00\n1007,1,1e3\n` });
    await feeds.upload("bad/notes.txt", "nothing");
    await feeds.settle();

    // Assess
    expect((await consumer.received()).map(({ body }) => body).sort()).toEqual(MESSAGES);
    expect(await read("rejected/bad/20230828/rows.csv")).toMatch(/line,reason,raw\r\n.*"9".*\r\n.*1e3/s);
    expect(await topic.received()).toEqual([
      expect.objectContaining({
        text: expect.stringMatching(
          /2 rows rejected.*s3:.*rejected\/bad.*\nPage: ENVIRONMENT=dev npm run ops -- page orders\n/s,
        ),
      }),
    ]);
    expect(entriesWith("key", await log("orders-send"))).toEqual(["bad/notes.txt"]);
  });

  test(
    "that cannot be read end in the dead-letter queue, and not the others of their SQS batch; moved back, they succeed",
    async () => {
      // Prepare
      await Promise.all([put("poison/", "customers"), put("poison/", "orders")]);
      await feeds.settle();
      await topic.received();

      // Act
      await feeds.whileDenied("poison/", async () => {
        await feeds.whileHeld("orders", async () => {
          await put("poison/", "items");
          await putAll("healthy/", FILES);
        });
        await feeds.settle();
      });

      // Assess
      expect(Object.keys(byBatch(await consumer.received()))).toEqual(["healthy/20230828"]);
      expect(await feeds.deadLetters("orders")).toBe(1);

      // Act
      await feeds.redrive("orders");
      await feeds.settle();

      // Assess
      expect((await consumer.received()).map(({ batch, body }) => `${batch} ${body}`).sort()).toEqual(
        MESSAGES.map((message) => `poison/20230828 ${message}`),
      );
      expect(await feeds.deadLetters("orders")).toBe(0);
    },
    2 * MINUTES,
  );

  test(
    "that no one can read fail loudly, once to people and for good to the dead letters",
    async () => {
      // Prepare
      await putAll("broken/", FILES);
      await feeds.settle();
      await Promise.all([consumer.received(), topic.received()]);
      // S3 dates objects to the second, and of a plain and a packed file of one second the plain one counts.
      await wait(SECOND_MS);

      // Act
      await feeds.upload("broken/items_20230828.csv.gz", "no gzip");
      await feeds.settle();

      // Assess
      const told = await topic.received();
      expect(told).toMatchObject([{ subject: "ERROR: millrace orders: failed" }]);
      expect(told[0]?.text).toContain("broken/items_20230828.csv.gz");
      expect(await consumer.received()).toEqual([]);
      expect(await feeds.deadLetters("orders")).toBe(1);

      // Act
      await feeds.upload("broken/items_20230828.csv.gz", gzipSync(FILES.items));
      await feeds.redrive("orders");
      await feeds.settle();

      // Assess
      expect(await consumer.received()).toEqual([]);
      expect(await feeds.deadLetters("orders")).toBe(0);
    },
    2 * MINUTES,
  );

  describe("of others", () => {
    doorsSuite(() => ({ cloud, deployment, feeds, consumer }));
    forgetSuite(() => ({ cloud, deployment, feeds, consumer }));
    monthlySuite(() => ({ cloud, database: DATABASE, ...days }));
  });

  test(
    "may have a million rows; a message that is too large for the queue points to where it lies",
    async () => {
      // Prepare
      const { customerCount, itemCount, cents, ...files } = millionRows();

      // Act
      await putAll("million/", { ...files, items: gzipSync(files.items, { level: 1 }) });
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
      process.stderr.write(`the worker of the million rows: ${(await log("orders-send")).at(-1)}\n`);
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
    const all = entriesWith("summary", await log("metadata-summarize")) as readonly { readonly key: string }[];
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
    const lines = await log("metadata-summarize");
    expect(entriesWith("reason", lines)).toContain("gone again");
    const secret = expect.objectContaining({ key: "uploads/secret.txt", size: 1 / 1024 });
    expect(entriesWith("summary", lines)).toContainEqual(secret);
  });

  describe("and what became of them", () => queuePagesSuite(() => ({ cloud })));

  const put = (prefix: string, kind: (typeof KINDS)[number] | undefined, body?: string | Uint8Array) =>
    kind && feeds.upload(`${prefix}${kind}_20230828.csv${isPacked(body) ? ".gz" : ""}`, body ?? FILES[kind]);
  const putAll = async (prefix: string, files: Files) => {
    await Promise.all(KINDS.map((kind) => put(prefix, kind, files[kind])));
  };
  const log = (name: string) => functionLog(cloud, `millrace-dev-${name}`);

  async function bodyOf({ content, body }: ReceivedMessage): Promise<string> {
    return content === "pointer" ? read(JSON.parse(body).body.key) : body;
  }

  async function read(key: string): Promise<string> {
    const s3 = new S3Client(cloud.client);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: feeds.bucket, Key: key }));
    return (await Body?.transformToString()) ?? "";
  }
});

function isPacked(body: string | Uint8Array | undefined): boolean {
  return body instanceof Uint8Array;
}

function byBatch(messages: readonly ReceivedMessage[]): Readonly<Record<string, readonly ReceivedMessage[]>> {
  const batches: Record<string, ReceivedMessage[]> = {};
  for (const message of messages) batches[message.batch] = [...(batches[message.batch] ?? []), message];
  return batches;
}
