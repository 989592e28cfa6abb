import { setTimeout as wait } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { ARRIVALS, FILES, MESSAGES } from "../../../files/orders-files";
import { entriesWith } from "../../observe/function-log";
import type { ReceivedMessage } from "../orders-consumer";
import { KINDS, type OrdersWorld } from "./orders-world";

const SECOND_MS = 1000;
const MINUTES = 60 * SECOND_MS;

/** What becomes of a batch's files, in whatever order they come and whatever is in them. */
export function ordersFilesSuite(world: () => OrdersWorld): void {
  test(
    "give the three messages, once, in all six orders of arrival, each file twice",
    async () => {
      // Prepare
      const { put, feeds, consumer } = world();

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
    // Prepare
    const { put, feeds, consumer } = world();

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
      const { put, feeds, consumer } = world();
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
    const { feeds, consumer, putAll } = world();
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
    const { putAll, feeds, consumer } = world();
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
    // Prepare
    const { putAll, feeds, consumer } = world();

    // Act
    await putAll("orders 2023+08é/", { ...FILES, orders: gzipSync(FILES.orders) });
    await feeds.settle();

    // Assess
    const messages = await consumer.received();
    expect(messages.map(({ body }) => body).sort()).toEqual(MESSAGES);
    expect(new Set(messages.map(({ batch }) => batch))).toEqual(new Set(["orders 2023+08é/20230828"]));
  });

  test("have their bad rows kept separately and reported, and are ignored under another name", async () => {
    // Prepare
    const { putAll, read, log, feeds, consumer, topic } = world();
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
      const { put, putAll, feeds, consumer, topic } = world();
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
      const { putAll, feeds, consumer, topic } = world();
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
}

function byBatch(messages: readonly ReceivedMessage[]): Readonly<Record<string, readonly ReceivedMessage[]>> {
  const batches: Record<string, ReceivedMessage[]> = {};
  for (const message of messages) batches[message.batch] = [...(batches[message.batch] ?? []), message];
  return batches;
}
