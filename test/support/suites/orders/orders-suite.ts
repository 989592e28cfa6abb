import { gzipSync } from "node:zlib";
import { LedgerConflictError, type LedgerStore } from "../../../../etl/core/objects/ledger-store";
import { ARRIVALS, FILES, MESSAGES } from "../../files/orders-files";
import { Crash, crashAt, OrdersWorld } from "../../models/orders/orders-world";

const DATE = "20230828";

/** What `orders` must do whatever keeps its ledger. Each test has a prefix of its own, so that one ledger may serve them all. */
export function ordersSuite(openLedger: () => Promise<LedgerStore> | LedgerStore): void {
  let world: OrdersWorld<LedgerStore>;
  const bodies = () => world.sent.map(({ body }) => body).sort();
  const uploadAll = async (prefix: string, files: Partial<Record<keyof typeof FILES, string>> = {}) => {
    for (const kind of ["customers", "orders", "items"] as const) {
      await world.upload(`${prefix}/${kind}_${DATE}.csv`, files[kind] ?? FILES[kind]);
    }
  };

  beforeEach(async () => {
    world = new OrdersWorld(await openLedger());
  });

  test.each(ARRIVALS)("sends the three messages when %s, %s, %s come, each twice", async (...kinds) => {
    // Act
    for (const kind of kinds) {
      const trigger = await world.upload(`${kinds.join("-")}/${kind}_${DATE}.csv`, FILES[kind]);
      await world.deliver([trigger]);
      await world.deliver([trigger]);
    }

    // Assess
    expect(bodies()).toEqual(MESSAGES);
    expect(world.outcomes.map(({ status }) => status)).toEqual([
      ...["waiting", "waiting", "waiting", "waiting"],
      ...["sent", "unchanged"],
    ]);
  });

  test("sends them once when all three come in one invocation, and again when the same files come again", async () => {
    // Act
    await uploadAll("at-once");
    const failures = await world.deliver([...world.pending]);
    await uploadAll("at-once");
    await world.drain();

    // Assess
    expect(failures).toEqual([]);
    expect(bodies()).toEqual(MESSAGES);
  });

  test("sends only the customer that a corrected file changes, as version 2, then 3 when it is set right again", async () => {
    // Prepare
    await uploadAll("corrected");
    await world.drain();
    const orders = "corrected/orders_20230828.csv";

    // Act
    await world.upload(orders, FILES.orders.replace("2,300.00", "2,300.50"));
    await world.drain();
    await world.upload(orders, FILES.orders);
    await world.drain();

    // Assess
    const [second, third] = world.sent.slice(3);
    expect(world.sent).toHaveLength(5);
    expect(second?.body).toContain('"total_amount_spent":300.5,');
    expect(second?.attributes).toMatchObject({ version: 2 });
    expect(third).toMatchObject({ body: MESSAGES[1], attributes: { version: 3 } });
    expect(new Set(world.sent.map(({ deduplication }) => deduplication)).size).toBe(5);
  });

  test("killed after each of its steps and tried again, sends each message, one content under one version", async () => {
    for (let step = 1; ; step += 1) {
      // Prepare
      world = new OrdersWorld(world.ledger);
      const prefix = `killed-${step}`;
      await uploadAll(prefix);

      // Act
      const failures = await world.deliver([...world.pending], crashAt(step));
      await world.drain();

      // Assess
      const ids = new Map(world.sent.map(({ body, deduplication }) => [deduplication, body]));
      expect([...ids.values()].sort()).toEqual(MESSAGES);
      expect(world.sent.every(({ attributes }) => attributes.version === 1)).toBe(true);
      if (failures.length === 0) return;
      expect(failures.every((failure) => failure instanceof Crash)).toBe(true);
    }
  });

  test("killed before it said that it sent, and corrected meanwhile, gives the correction a higher version", async () => {
    // Prepare
    await uploadAll("killed-and-corrected");
    const onceAllAreSent = async () => {
      if (world.sent.length === 3) throw new Crash("killed");
    };
    await world.deliver([...world.pending], onceAllAreSent);

    // Act
    await world.upload("killed-and-corrected/orders_20230828.csv", FILES.orders.replace("2,300.00", "2,1"));
    await world.drain();

    // Assess
    const versions = world.sent.map(({ body, attributes }) => `${JSON.parse(body).id} v${attributes.version}`);
    expect(versions).toEqual(["1 v1", "2 v1", "3 v1", "1 v1", "2 v2", "3 v1"]);
  });

  test("lets one of two workers do a batch; the other waits, and then has nothing to do or a correction", async () => {
    // Prepare
    await uploadAll("two");
    world.workerMs = Number.MAX_SAFE_INTEGER;
    const [first, second, third] = [...world.pending];
    let others: Promise<unknown> | undefined;
    const startOthers = async () => {
      others ??= Promise.all([second, third].map((one) => world.deliver(one === undefined ? [] : [one])));
    };
    let correction: Promise<unknown> | undefined;
    const correct = async () => {
      await startOthers();
      if (world.sent.length < 3) return;
      const name = FILES.customers.replace("Doe", "Dough");
      correction ??= world.upload("two/customers_20230828.csv", name).then((trigger) => world.deliver([trigger]));
    };

    // Act
    const failures = await world.deliver(first === undefined ? [] : [first], correct);

    // Assess
    expect({ failures, others: await others, correction: await correction }).toEqual({
      ...{ failures: [], others: [[], []], correction: [] },
    });
    expect(world.outcomes.map(({ status }) => status).sort()).toEqual(["sent", "sent", "unchanged", "unchanged"]);
    expect(world.sent.at(-1)).toMatchObject({ attributes: { version: 2 }, body: expect.stringContaining("Dough") });
    expect(world.sent).toHaveLength(4);
  });

  test("stops a worker that was taken for dead before it sends what is out of date", async () => {
    // Prepare: it pauses when it is about to send, and its trigger comes again, with a correction.
    await uploadAll("zombie");
    const triggers = [...world.pending];
    const names = FILES.customers.replace("Doe", "Dough");
    let others: Promise<readonly unknown[]> | undefined;
    const pause = async () => {
      const state = (await world.ledger.read("zombie/20230828", "batch"))?.value ?? "";
      if (!state.includes('"sending"')) return;
      others ??= world.upload("zombie/customers_20230828.csv", names).then(() => world.deliver(triggers));
      await others;
    };

    // Act
    const failures = await world.deliver(triggers, pause);

    // Assess
    expect(await others).toEqual([]);
    expect(failures.map((failure) => failure instanceof LedgerConflictError)).toEqual([true, true, true]);
    expect(world.sent.map(({ body }) => JSON.parse(body).name)).toEqual(["John Dough", "Jane Smith", "Alice Johnson"]);
  });

  test("reads packed files, takes the newest of a kind, and keys that no one would think of", async () => {
    // Prepare
    const prefix = "orders 2023+08é/%41/";
    await world.upload(`${prefix}customers_20230828.csv.gz`, gzipSync(FILES.customers));
    await world.upload(`${prefix}orders_20230828.csv`, "order_id,customer_id,amount\n");
    await world.upload(`${prefix}orders_20230828.csv.gz`, FILES.orders);
    await world.upload(`${prefix}items_20230828.csv`, gzipSync(FILES.items));

    // Act
    await world.drain();

    // Assess
    expect(bodies()).toEqual(MESSAGES);
    expect(world.sent[0]?.attributes.batch).toBe(`${prefix}20230828`);
  });

  test("leaves the ledger as it was but for the reason when a file cannot be read, notifies the topic once, and continues when it is fixed", async () => {
    // Prepare
    await uploadAll("broken");
    await world.drain();
    const before = await dump(world.ledger, "broken/20230828");
    const trigger = await world.upload("broken/items_20230828.csv", "a web page\n");

    // Act
    const failures = [...(await world.deliver([trigger])), ...(await world.deliver([trigger]))];

    // Assess
    expect(failures.map(String)).toEqual(Array(2).fill(expect.stringContaining("The header has no column item_id")));
    const [state, ...items] = await dump(world.ledger, "broken/20230828");
    const { failure, ...rest } = JSON.parse(state?.value ?? "{}");
    expect(failure).toContain("The header has no column item_id");
    expect([JSON.stringify(rest), ...items]).toEqual([before[0]?.value, ...before.slice(1)]);
    expect(world.notifications.filter(({ status }) => status === "failed")).toEqual([
      expect.objectContaining({ text: expect.stringContaining("broken/items_20230828.csv, line 1") }),
    ]);
    await world.upload("broken/items_20230828.csv", FILES.items);
    await world.drain();
    expect(bodies()).toEqual(MESSAGES);
  });

  test("keeps of a batch its files with version, ETag and rows, and the state", async () => {
    // Act
    await uploadAll("kept");
    await world.drain();

    // Assess
    const state = (await world.ledger.read("kept/20230828", "batch"))?.value ?? "{}";
    expect(JSON.parse(state)).toMatchObject({
      state: "sent",
      files: { orders: { key: "kept/orders_20230828.csv", version: "v2", etag: expect.any(String), rows: 5 } },
    });
    expect(await world.ledger.read("kept/20230828", "lease")).toBeUndefined();
  });
}

async function dump(ledger: LedgerStore, batch: string) {
  const items = [await ledger.read(batch, "batch"), await ledger.read(batch, "lease")];
  for await (const item of ledger.list(batch, "customers#")) items.push(item);
  return items;
}
