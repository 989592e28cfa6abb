import Papa from "papaparse";
import { MemoryLedgerStore } from "../../../../support/fakes/memory-ledger-store";
import { OrdersWorld } from "../../../../support/models/orders/orders-world";

const BAD = {
  customers: "customer_id,customer_name\n1,Ann\n1,Ann\n1,Anna\n,Nobody\n2\n",
  orders: "order_id,customer_id,amount\n10,1,1.00\n10,1,1.00\n10,1,2.00\n11,9,1\n12,1,1e3\n",
  items: "item_id,order_id\n100,10\n100,10\n101,11\n",
} as const;
const GOOD = {
  customers: "customer_id,customer_name\n1,Ann\n",
  orders: "order_id,customer_id,amount\n10,1,1.00\n",
  items: "item_id,order_id\n100,10\n",
} as const;

describe("rejected rows of orders", () => {
  let world: OrdersWorld;

  beforeEach(() => {
    world = new OrdersWorld(new MemoryLedgerStore());
  });

  const upload = async (files: Readonly<Record<keyof typeof BAD, string>>) => {
    for (const kind of ["customers", "orders", "items"] as const) {
      await world.upload(`p/${kind}_20230828.csv`, files[kind]);
    }
    await world.drain();
  };
  const lastSent = () => world.outcomes.filter(({ status }) => status === "sent").at(-1);
  const rows = () =>
    Papa.parse<Record<string, string>>(world.objects.text("rejected/p/20230828/rows.csv") ?? "", {
      header: true,
      skipEmptyLines: true,
    }).data;

  test("are kept as CSV with source, line, reason and text; the good ones make messages", async () => {
    // Act
    await upload(BAD);

    // Assess
    expect(rows().map(({ source, line, reason, raw }) => [source, line, reason, raw])).toEqual([
      [
        "p/customers_20230828.csv",
        "4",
        expect.stringMatching(/customer_id: got "1" again with other content/),
        "1,Anna",
      ],
      ["p/customers_20230828.csv", "5", expect.stringMatching(/customer_id: got nothing, expected an id/), ",Nobody"],
      ["p/customers_20230828.csv", "6", "got 1 field, expected 2 as in the header", "2"],
      ["p/orders_20230828.csv", "4", expect.stringMatching(/order_id: got "10" again with other content/), "10,1,2.00"],
      [
        "p/orders_20230828.csv",
        "5",
        expect.stringMatching(/customer_id: got "9".*the batch's customers file/),
        "11,9,1",
      ],
      ["p/orders_20230828.csv", "6", expect.stringMatching(/amount: got "1e3", expected a decimal number/), "12,1,1e3"],
      ["p/items_20230828.csv", "4", expect.stringMatching(/order_id: got "11".*the batch's orders file/), "101,11"],
    ]);
    expect(world.sent.map(({ body }) => body)).toEqual([
      '{"id":"1","name":"Ann","total_amount_spent":1,"orders":[{"id":"10","amount":1,"item_ids":["100"]}]}',
    ]);
  });

  test("are counted in the summary, the outcome and the notification", async () => {
    // Act
    await upload(BAD);

    // Assess
    expect(JSON.parse(world.objects.text("rejected/p/20230828/summary.json") ?? "")).toMatchObject({
      batch: "p/20230828",
      rejected: 7,
      files: [
        { rows: 5, rejected: 3 },
        { rows: 5, rejected: 3 },
        { rows: 3, rejected: 1 },
      ],
    });
    expect(lastSent()).toMatchObject({ status: "sent", rejected: 7 });
    expect(world.notifications.at(-1)).toMatchObject({
      status: "succeeded",
      text: expect.stringMatching(
        /7 rows rejected\nThe first rejected row: p\/customers_20230828.csv, line 4.*\nAll: memory:rejected\/p\/20230828\/rows.csv/,
      ),
    });
  });

  test("are deleted when the files are fixed, and never exist for good files", async () => {
    // Act
    await upload(BAD);
    await upload(GOOD);

    // Assess
    expect(rows()).toEqual([]);
    world = new OrdersWorld(new MemoryLedgerStore());
    await upload(GOOD);
    expect([...world.objects.versions.keys()].filter((key) => key.startsWith("rejected/"))).toEqual([]);
  });

  test("say if a customer is no longer in the files; no message does", async () => {
    // Act
    await upload({ ...GOOD, customers: `${GOOD.customers}2,Bob\n` });
    await upload(GOOD);

    // Assess
    expect(world.sent).toHaveLength(2);
    expect(lastSent()).toMatchObject({ unchanged: 1, missing: 1 });
    expect(world.notifications.at(-1)?.text).toContain("Customers no longer in the files: 1");
  });
});
