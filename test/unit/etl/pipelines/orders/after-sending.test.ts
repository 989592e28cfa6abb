import type { OrdersPorts } from "../../../../../etl/pipelines/orders/orders-ports";
import { countsOf } from "../../../../../etl/pipelines/orders/outcome";
import { processBatch } from "../../../../../etl/pipelines/orders/process-batch";
import { parseBatchFile } from "../../../../../etl/pipelines/orders/records/batch";
import { MemoryLedgerStore } from "../../../../support/fakes/memory-ledger-store";
import { MemoryObjects } from "../../../../support/fakes/memory-objects";

const GOOD = {
  customers: "customer_id,customer_name\n1,Ann\n",
  orders: "order_id,customer_id,amount\n10,1,1.00\n",
  items: "item_id,order_id\n100,10\n",
};
/** With one row that is rejected. */
const BAD = { ...GOOD, orders: `${GOOD.orders}11,9,1.00\n` };
const REJECTED = "rejected/20230828/rows.csv";

/** A bucket that keeps nothing below some prefix. */
class FullObjects extends MemoryObjects {
  full = "";
  override async put(...[key, ...rest]: Parameters<MemoryObjects["put"]>): Promise<void> {
    if (this.full !== "" && key.startsWith(this.full)) throw new Error("no space left\n  at somewhere");
    return super.put(key, ...rest);
  }
}

/** A ledger that cannot give a lease back. */
class HoldingLedger extends MemoryLedgerStore {
  override async remove(): Promise<boolean> {
    throw new Error("throttled");
  }
}

/** A ledger whose items go 90 days after they were written, as in a table with a time to live. */
class ForgettingLedger extends MemoryLedgerStore {
  readonly forgets = true;
  day = 0;
  readonly #written = new Map<string, number>();

  override async read(batch: string, name: string) {
    await this.#forget(batch, name);
    return super.read(batch, name);
  }
  override async *list(batch: string, prefix: string) {
    for (const name of this.#written.keys()) await this.#forget(batch, name);
    yield* super.list(batch, prefix);
  }
  override async write(batch: string, name: string, value: string, expected: string | undefined) {
    this.#written.set(name, this.day);
    return super.write(batch, name, value, expected);
  }
  async #forget(batch: string, name: string): Promise<void> {
    const item = await super.read(batch, name);
    if (item !== undefined && this.day - (this.#written.get(name) ?? this.day) >= 90) {
      await super.remove(batch, name, item.revision);
    }
  }
}

describe("orders, once the messages are sent", () => {
  let objects: FullObjects;
  let ledger: MemoryLedgerStore;
  let told: string[];
  let sent: string[];

  beforeEach(() => {
    [objects, ledger, told, sent] = [new FullObjects(), new MemoryLedgerStore(), [], []];
  });

  const upload = async (files: typeof GOOD) => {
    for (const [kind, text] of Object.entries(files)) await objects.put(`${kind}_20230828.csv`, text);
  };
  const look = (ports: Partial<OrdersPorts> = {}) => {
    const batch = parseBatchFile("orders_20230828.csv");
    if (batch === undefined) throw new Error("no batch");
    const outbox = {
      maxBytes: async () => 262_144,
      send: async (messages: readonly { body: string }[]) => void sent.push(...messages.map(({ body }) => body)),
    };
    const notifier = { notify: async ({ text }: { text: string }) => void told.push(text) };
    const claim = {
      owners: ["m1"],
      until: Date.now() + 60_000,
      clock: { now: Date.now, sleep: async () => undefined },
    };
    return processBatch(batch, { objects, ledger, outbox, notifier, ...ports }, { ...claim, tellsFailure: true });
  };
  const state = async () => JSON.parse((await ledger.read("20230828", "batch"))?.value ?? "{}");

  test("a notification that cannot be sent leaves the batch sent, with a warning in one line that is counted", async () => {
    await upload(GOOD);
    const notify = () => Promise.reject(new Error("no such topic\n  at somewhere"));

    const outcome = await look({ notifier: { notify } });

    expect(outcome).toMatchObject({ status: "sent", first: 1 });
    expect(outcome).toMatchObject({
      warnings: ["the notification could not be sent (the batch is sent): no such topic"],
    });
    expect(outcome.status === "sent" && countsOf(outcome)).toMatchObject({ batches: 1, untold: 1 });
    expect(await state()).toMatchObject({ state: "sent" });
    expect(await look()).toMatchObject({ status: "unchanged" });
  });

  test("rejected rows that cannot be kept leave the batch sent, are reported, and are kept by the next look", async () => {
    await upload(BAD);
    objects.full = "rejected/";

    const outcome = await look();
    const left = await state();
    objects.full = "";
    const next = await look();

    expect(outcome).toMatchObject({
      ...{ status: "sent", first: 1, rejected: 1 },
      warnings: ["the rejected rows could not be kept: no space left"],
    });
    expect(told[0]).toMatch(/^Batch 20230828: 1 message sent[\s\S]*could not be kept: no space left$/);
    expect(left).toMatchObject({ state: "sent", rejected: 1, unkept: true });
    expect(next).toMatchObject({ status: "sent", unchanged: 1, rejected: 1, warnings: [] });
    expect(objects.text(REJECTED)).toContain("orders_20230828.csv");
    expect(sent).toHaveLength(1);
    expect(await look()).toMatchObject({ status: "unchanged" });
  });

  test("a lease that cannot be given back does neither fail what is done nor hide why something failed", async () => {
    ledger = new HoldingLedger();
    await upload(GOOD);

    const outcome = await look();
    await objects.put("items_20230828.csv", "a web page\n");
    const failure = await look().catch(String);

    expect(outcome).toMatchObject({ status: "sent", first: 1 });
    expect(failure).toMatch(/The header has no column item_id/);
  });

  test("a look that fails stands in the ledger with its reason, beside what was there, until one succeeds", async () => {
    await upload(GOOD);
    await look();
    const before = await state();
    await objects.put("items_20230828.csv", "a web page\n");

    await expect(look()).rejects.toThrow("The header has no column item_id");
    const failed = await state();
    await objects.put("items_20230828.csv", GOOD.items);
    await look();

    expect(failed).toEqual({ ...before, failure: expect.stringContaining("The header has no column item_id") });
    expect(await state()).not.toHaveProperty("failure");
  });

  test("so does the first look at a batch, and one at a batch that still waits", async () => {
    await objects.put("items_20230828.csv", GOOD.items);
    const broken = Object.assign(Object.create(objects), {
      head: () => Promise.reject(new Error("S3 is away")),
    });

    await expect(look({ objects: broken })).rejects.toThrow("S3 is away");
    const first = await state();
    await look();
    const waiting = await state();
    await expect(look({ objects: broken })).rejects.toThrow("S3 is away");
    const failed = await state();
    await look();

    expect(first).toMatchObject({ state: "waiting", files: {}, failure: "S3 is away" });
    expect(waiting).not.toHaveProperty("failure");
    expect(failed).toEqual({ ...waiting, failure: "S3 is away" });
    expect(await state()).not.toHaveProperty("failure");
  });

  test("a batch is forgotten as a whole: customers without a recent correction keep their version", async () => {
    // Prepare
    const forgetting = new ForgettingLedger();
    const on = async (day: number, ann: string, bob: string) => {
      forgetting.day = day;
      const customers = `customer_id,customer_name\n1,${ann}\n2,${bob}\n`;
      await upload({ ...GOOD, customers, orders: `${GOOD.orders}11,2,1.00\n`, items: `${GOOD.items}101,11\n` });
      return look({ ledger: forgetting });
    };
    await on(0, "Ann", "Bob");

    // Act
    const lately = await on(80, "Anne", "Bob");
    const later = await on(100, "Anne", "Bobby");

    // Assess
    expect(lately).toMatchObject({ first: 0, corrected: 1, unchanged: 1 });
    expect(later).toMatchObject({ first: 0, corrected: 1, unchanged: 1 });
  });
});
