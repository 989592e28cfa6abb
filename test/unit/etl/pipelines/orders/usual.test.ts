import { systemClock as clock } from "../../../../../etl/pipelines/orders/ledger/lease";
import type { OrdersPorts } from "../../../../../etl/pipelines/orders/orders-ports";
import { processBatch } from "../../../../../etl/pipelines/orders/process-batch";
import { parseBatchFile } from "../../../../../etl/pipelines/orders/records/batch";
import type { BatchChecks } from "../../../../../etl/pipelines/orders/usual";
import { MemoryLedgerStore } from "../../../../support/fakes/memory-ledger-store";
import { MemoryObjects } from "../../../../support/fakes/memory-objects";

interface Given {
  readonly customers?: number;
  readonly name?: string;
  readonly header?: string;
  readonly rejected?: number;
  readonly prefix?: string;
}

describe("what a batch of orders tells besides its rows", () => {
  let objects: MemoryObjects;
  let ledger: MemoryLedgerStore;
  let sent: number;
  let told: string[];
  let day: number;

  beforeEach(() => {
    objects = new MemoryObjects();
    ledger = new MemoryLedgerStore();
    sent = 0;
    told = [];
    day = 0;
  });

  const put = async (date: string, { customers = 10, name = "Ann", header, rejected = 1, prefix = "acme/" }: Given) => {
    const ids = Array.from({ length: customers }, (_, at) => at + 1);
    const rows = ids.map((id) => `${id},${name}${header === undefined ? "" : ",x"}`);
    const orders = ids.map((id) => `${id},${id <= rejected ? 999 : id},1.00`);
    await objects.put(`${prefix}customers_${date}.csv`, [header ?? "customer_id,customer_name", ...rows].join("\n"));
    await objects.put(`${prefix}orders_${date}.csv`, ["order_id,customer_id,amount", ...orders].join("\n"));
    await objects.put(`${prefix}items_${date}.csv`, ["item_id,order_id", ...ids.map((id) => `${id},${id}`)].join("\n"));
    return `${prefix}orders_${date}.csv`;
  };
  const look = async (key: string, checks?: BatchChecks) => {
    const batch = parseBatchFile(key);
    if (batch === undefined) throw new Error("no batch");
    const ports: OrdersPorts = {
      ...{ objects, ledger },
      outbox: {
        maxBytes: async () => 262_144,
        send: async (messages) => {
          sent += messages.length;
        },
      },
      notifier: { notify: async ({ text }) => void told.push(text) },
    };
    const worker = { owners: ["a"], until: clock.now() + 60_000, clock, tellsFailure: true };
    const outcome = await processBatch(batch, ports, { ...worker, ...(checks && { checks }) });
    return outcome.status === "sent" ? outcome.notes : [];
  };
  /** The next day's batch. */
  const come = async (given: Given = {}, checks?: BatchChecks) => {
    day += 1;
    return look(await put(`202309${String(day).padStart(2, "0")}`, given), checks);
  };
  const usual = async (batches = 5) => {
    for (let at = 0; at < batches; at += 1) expect(await come()).toEqual([]);
  };

  test("is a file far from the usual size of its prefix, in the notification and in the outcome", async () => {
    // Prepare
    await usual();

    // Act
    const small = await come({ customers: 3, rejected: 0 });
    const within = await come({ customers: 15 });
    const elsewhere = await come({ customers: 50, prefix: "other/" });
    const never = await come({ customers: 50 }, { sizeFactor: null, onUnusualSize: "warn" });

    // Assess
    expect(small).toEqual(
      ["customers", "orders", "items"].map((kind) =>
        expect.stringMatching(`^${kind}: 3 rows, usually about 10 rows, the median of the last 5\\.`),
      ),
    );
    expect(told[5]).toContain("\nWarning: items: 3 rows, usually about 10 rows");
    expect([within, elsewhere, never]).toEqual([[], [], []]);
  });

  test("fails a batch before its first message where the configuration says so, and the fixed one is sent", async () => {
    // Prepare
    await usual();
    sent = 0;
    const checks = { sizeFactor: 2, onUnusualSize: "fail" } as const;

    // Act
    const failed = come({ customers: 50 }, checks);

    // Assess
    await expect(failed).rejects.toThrow(/far from its usual size.*got 50 rows/s);
    expect(sent).toBe(0);
    expect(await look(await put("20230906", {}), checks)).toEqual([]);
    expect(sent).toBe(10);
  });

  test("is a share of rejected rows that rises", async () => {
    await usual();

    expect(await come({ rejected: 3 })).toEqual([
      expect.stringMatching(/^\d of 30 rows were rejected \(.*\), usually .* are\. The batch's rejected rows have/),
    ]);
  });

  test("are columns that changed, once, and a column that is empty", async () => {
    // Prepare
    await come();

    // Act
    const added = await come({ header: "customer_id,customer_name,unit" });
    const again = await come({ header: "customer_id,customer_name,unit" });
    const empty = await come({ name: "", header: "customer_id,customer_name,unit" });

    // Assess
    expect(again).toEqual([]);
    expect(added).toEqual([expect.stringMatching(/^customers: the columns of its header changed: new are unit\./)]);
    expect(empty).toEqual([expect.stringMatching(/^customers: no row has a value in customer_name any more\./)]);
  });

  test("compares a batch that comes again with the others only", async () => {
    await usual(4);
    const corrected = await put("20230904", { customers: 50 });

    expect(await look(corrected)).toEqual([]);
  });

  test("holds no batch up where what is usual cannot be read", async () => {
    await usual();
    const item = await ledger.read("acme/usual", "usual");
    await ledger.write("acme/usual", "usual", "spoilt", item?.revision);

    expect(await come({ customers: 50 })).toEqual([]);
    expect(JSON.parse((await ledger.read("acme/usual", "usual"))?.value ?? "")).toMatchObject({ batches: [{}] });
  });
});
