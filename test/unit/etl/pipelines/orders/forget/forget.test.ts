import type { ObjectVersion, ObjectVersions } from "../../../../../../etl/core/objects/object-versions";
import { findCustomer } from "../../../../../../etl/pipelines/orders/forget/find-customer";
import { batchesOf, forgetInBatch } from "../../../../../../etl/pipelines/orders/forget/forget-customer";
import { BatchStateItem } from "../../../../../../etl/pipelines/orders/ledger/batch-state";
import { BatchBusyError } from "../../../../../../etl/pipelines/orders/ledger/lease";
import { MemoryLedgerStore } from "../../../../../support/fakes/memory-ledger-store";
import type { MemoryObjects } from "../../../../../support/fakes/memory-objects";
import { FILES } from "../../../../../support/files/orders-files";
import { OrdersWorld } from "../../../../../support/models/orders/orders-world";

const BATCH = "p/20230828";
const ROWS = `rejected/${BATCH}/rows.csv`;
/** Customer 1 is in good rows and in a bad one; 10 only looks alike; 9 is in a bad row alone. */
const files = {
  ...FILES,
  customers: `${FILES.customers.trimEnd()}\n10,Ten\n1,Twice\n`,
  orders: `${FILES.orders.trimEnd()}\n1006,9,1.00\n1007,1,1e3\n1008,10,1e3\n`,
};

describe("forgetting a customer of orders", () => {
  let world: OrdersWorld;
  let objects: ObjectVersions;

  beforeEach(async () => {
    world = new OrdersWorld(new MemoryLedgerStore());
    objects = versionsOf(world.objects);
    // So small a queue that every message lies in the bucket.
    world.maxBytes = 100;
    await upload(files);
  });

  const upload = async (of: Readonly<Record<keyof typeof FILES, string>>, prefix = "p/") => {
    for (const kind of ["customers", "orders", "items"] as const)
      await world.upload(`${prefix}${kind}_20230828.csv`, of[kind]);
    await world.drain();
  };
  const find = (customer: string) => findCustomer({ objects, scan: (names) => world.ledger.scan(names) }, customer, "");
  const clock = { now: () => 0, sleep: async () => undefined };
  const forget = async (customer: string) => {
    const found = await find(customer);
    const ports = { ledger: world.ledger, objects, clock };
    const removed = [];
    for (const batch of batchesOf(found)) removed.push(await forgetInBatch(batch, customer, ports));
    return { found, removed };
  };
  const everything = () =>
    [...world.objects.versions.values()]
      .flat()
      .filter(({ key }) => !key.startsWith("p/"))
      .map(({ body }) => Buffer.from(body).toString())
      .join("\n");

  test("finds them in ledger, messages, rejected rows and the partner's files, all versions, and no similar customer", async () => {
    // Prepare
    await upload({ ...files, orders: files.orders.replace("1001,1,250.00", "1001,1,260.00") });

    // Act
    const found = await find("1");

    // Assess
    expect(found.ledger).toEqual([BATCH]);
    expect(found.messages).toHaveLength(2);
    expect(found.rejected.map(({ key }) => key)).toEqual([ROWS, ROWS]);
    expect(found.files.map(({ key, isNewest, rows }) => [key, isNewest, rows])).toEqual([
      ["p/customers_20230828.csv", false, 2],
      ["p/customers_20230828.csv", true, 2],
      ["p/orders_20230828.csv", false, 3],
      ["p/orders_20230828.csv", true, 3],
    ]);
    expect(found.unmarked).toEqual([BATCH]);
  });

  test("removes them everywhere but from the partner's files, and leaves all others", async () => {
    // Act
    const { removed } = await forget("1");

    // Assess
    expect(removed).toEqual([{ ledger: 1, messages: 1, rejectedRows: 2, rejectedVersions: 1 }]);
    expect(JSON.stringify(world.ledger.dump(BATCH))).not.toContain('[\\"1\\",');
    expect(everything()).not.toMatch(/John Doe|1,Twice|1007/);
    expect(everything()).toMatch(/Jane Smith/);
    expect(world.objects.text(ROWS)).toMatch(/^source,line,reason,raw\r\n.*"1006,9,1.00"\r\n.*"1008,10,1e3"\r\n$/);
    expect(world.objects.text("p/customers_20230828.csv")).toBe(files.customers);
  });

  test("finds nothing of its own a second time, and says which files still have them", async () => {
    // Prepare
    await forget("1");

    // Act
    const { found } = await forget("1");

    // Assess
    expect(found).toMatchObject({ ledger: [], messages: [], rejected: [], unmarked: [] });
    expect(found.files).toHaveLength(2);
  });

  test("lets no later look bring them back: not the same files, not corrected ones, not rejected rows", async () => {
    // Prepare
    await forget("1");
    const sent = world.sent.length;

    // Act
    await upload(files);
    await upload({
      ...files,
      orders: files.orders.replace("1001,1,250.00", "1001,1,99.00").replace("1003,2,", "1003,3,"),
    });

    // Assess
    expect(
      world.sent
        .slice(sent)
        .map(({ group }) => group)
        .sort(),
    ).toEqual(["2", "3"]);
    expect(everything()).not.toMatch(/John Doe|1,Twice|1007/);
    expect(await find("1")).toMatchObject({ ledger: [], messages: [], rejected: [], unmarked: [] });
    expect(world.notifications.at(-1)?.text).toContain("Forgotten customers who are still in the files: 1");
    expect(world.notifications.at(-1)?.text).not.toContain("1,Twice");
  });

  test("leaves them in batches of another date or prefix that come later", async () => {
    // Prepare
    await forget("1");

    // Act
    await upload(FILES, "q/");

    // Assess
    expect(await find("1")).toMatchObject({ ledger: ["q/20230828"], unmarked: ["q/20230828"] });
  });

  test("keeps a batch that still waits for files from ever making a message about them", async () => {
    // Prepare
    await world.upload("w/customers_20230828.csv", FILES.customers);
    await world.drain();
    await forget("2");

    // Act
    for (const kind of ["orders", "items"] as const) await world.upload(`w/${kind}_20230828.csv`, FILES[kind]);
    await world.drain();

    // Assess
    const groups = world.sent.filter(({ attributes }) => attributes.batch === "w/20230828").map(({ group }) => group);
    expect(groups.sort()).toEqual(["1", "3"]);
  });

  test("takes the name out of why a look failed", async () => {
    // Prepare
    const item = await BatchStateItem.read(world.ledger, BATCH);
    await item.writeFailure(new Error('customer_id: got "77", expected another'));

    // Act
    const { found } = await forget("77");

    // Assess
    expect(found.ledger).toEqual([BATCH]);
    expect((await BatchStateItem.read(world.ledger, BATCH)).state?.failure).toMatch(
      /named a customer who was forgotten/,
    );
  });

  test("finds customers that are only in rejected rows", async () => {
    // Act
    const { found, removed } = await forget("9");

    // Assess
    expect(found).toMatchObject({ ledger: [], messages: [], unmarked: [BATCH] });
    expect(removed).toEqual([{ ledger: 0, messages: 0, rejectedRows: 1, rejectedVersions: 1 }]);
    expect(world.objects.text(ROWS)).not.toContain("1006,9");
  });

  test("waits for a worker of the batch, and removes nothing if that does not end", async () => {
    // Prepare
    await world.ledger.write(BATCH, "lease", JSON.stringify({ token: "t", owners: ["m"], until: 1e9 }), undefined);
    let now = 0;
    const advance = async (ms: number) => {
      now += ms;
    };
    const waiting = { now: () => now, sleep: advance };

    // Act
    const forgetting = forgetInBatch(BATCH, "1", { ledger: world.ledger, objects, clock: waiting });

    // Assess
    await expect(forgetting).rejects.toThrow(BatchBusyError);
    expect((await find("1")).ledger).toEqual([BATCH]);
  });
});

/** What S3 keeps of the objects in memory. */
function versionsOf(memory: MemoryObjects): ObjectVersions {
  return {
    async *list(prefix) {
      for (const [key, versions] of [...memory.versions].sort(([a], [b]) => (a < b ? -1 : 1))) {
        if (!key.startsWith(prefix)) continue;
        for (const [at, { version = "" }] of versions.entries()) {
          yield { key, version, isNewest: at === versions.length - 1 };
        }
      }
    },
    open: async ({ key, version }: ObjectVersion, most = Number.POSITIVE_INFINITY) => {
      const found = memory.versions.get(key)?.find((known) => known.version === version);
      return (async function* () {
        yield found?.body.subarray(0, most) ?? new Uint8Array();
      })();
    },
    put: (key, body, contentType) => memory.put(key, body, contentType),
    remove: async ({ key, version }: ObjectVersion) => {
      const left = memory.versions.get(key)?.filter((known) => known.version !== version) ?? [];
      memory.versions.set(key, left);
    },
  };
}
