import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020 from "ajv/dist/2020";
import * as fc from "fast-check";
import Papa from "papaparse";
import { messageBytes } from "../../../../../../etl/core/objects/outbox";
import { MemoryLedgerStore } from "../../../../../support/fakes/memory-ledger-store";
import { OrdersWorld } from "../../../../../support/models/orders/orders-world";

const schema = JSON.parse(readFileSync(join(__dirname, "../../../../../../docs/orders-message.schema.json"), "utf8"));
const isMessage = new Ajv2020({ strict: false }).compile(schema);

describe("messages of orders", () => {
  let world: OrdersWorld;

  beforeEach(() => {
    world = new OrdersWorld(new MemoryLedgerStore());
  });

  const send = async (customers: string[][], orders: string[][], items: string[][]) => {
    await world.upload("customers_20230828.csv", Papa.unparse([["customer_id", "customer_name"], ...customers]));
    await world.upload("orders_20230828.csv", Papa.unparse([["order_id", "customer_id", "amount"], ...orders]));
    await world.upload("items_20230828.csv", Papa.unparse([["item_id", "order_id"], ...items]));
    await world.drain();
    return world.sent;
  };

  test("have exact amounts, sorted ids, and empty lists where there is nothing", async () => {
    // Act
    const sent = await send(
      [
        ["b", "No Orders"],
        ["7", "Sum"],
      ],
      [
        ["10", "7", "0.10"],
        ["9", "7", "0.20"],
        ["x", "7", "9007199254.740993"],
      ],
      [
        ["10", "9"],
        ["2", "9"],
        ["1", "x"],
      ],
    );

    // Assess
    expect(sent.map(({ body }) => body)).toEqual([
      '{"id":"b","name":"No Orders","total_amount_spent":0,"orders":[]}',
      '{"id":"7","name":"Sum","total_amount_spent":9007199255.040993,"orders":[{"id":"9","amount":0.2,"item_ids":["2","10"]},' +
        '{"id":"10","amount":0.1,"item_ids":[]},{"id":"x","amount":9007199254.740993,"item_ids":["1"]}]}',
    ]);
  });

  test("keep any name and id, in characters that SQS takes, and fit their schema", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.string({ unit: "binary", minLength: 1, maxLength: 50 })), async (names) => {
        // Prepare
        world = new OrdersWorld(new MemoryLedgerStore());
        const all = [...names.map(wellFormed).filter(isNoBlankRow), 'Ann, "B" 🌻\'; --', "\uFFFF\u0001"];
        const customers = [...new Set(all)].map((name) => [name, name]);

        // Act
        const sent = await send(customers, [], []);

        // Assess
        expect(sent.map(({ body }) => JSON.parse(body).name)).toEqual(customers.map(([name]) => name));
        for (const { body, group, deduplication } of sent) {
          expect(body).toMatch(/^[\t\n\r\x20-\uFFFD]*$/);
          expect(group).toMatch(/^[!-~]{1,128}$/);
          expect(deduplication).toMatch(/^[0-9a-f]{64}$/);
          expect(isMessage(JSON.parse(body)) || isMessage.errors).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  test("carry batch, version and schema version, and belong to their customer", async () => {
    // Act
    const [message] = await send([["1", "Ann"]], [], []);

    // Assess
    expect(message).toMatchObject({
      group: "1",
      attributes: { batch: "20230828", version: 1, schema_version: 1, content: "message" },
    });
  });

  test("go to the bucket when they are too large for the queue, which gets a pointer", async () => {
    // Prepare
    world.maxBytes = 1_024;
    const orders = Array.from({ length: 40 }, (_, at) => [`order-${at}`, "large", "1.5"]);

    // Act
    const [small, pointer] = await send(
      [
        ["small", "Ann"],
        ["large", "Bob"],
      ],
      orders,
      [],
    );

    // Assess
    const { id, body: place } = JSON.parse(pointer?.body ?? "{}");
    const text = world.objects.text(place.key) ?? "";
    expect(small?.attributes.content).toBe("message");
    expect(pointer?.attributes.content).toBe("pointer");
    expect(isMessage(JSON.parse(pointer?.body ?? "")) || isMessage.errors).toBe(true);
    expect(pointer === undefined ? Number.NaN : messageBytes(pointer)).toBeLessThanOrEqual(1_024);
    expect({ id, bucket: place.bucket, bytes: place.bytes }).toEqual({
      id: "large",
      bucket: "bucket",
      bytes: text.length,
    });
    expect(place.key).toMatch(/^messages\/20230828\/[0-9a-f]{64}\.json$/);
    expect(JSON.parse(text)).toMatchObject({ id: "large", total_amount_spent: 60, orders: { length: 40 } });
  });

  test("are refused by the schema where something is missing, too much, or of another type", () => {
    const message = { id: "1", name: "Ann", total_amount_spent: 0, orders: [] };
    expect(isMessage(message)).toBe(true);
    for (const wrong of [
      { ...message, id: 1 },
      { ...message, extra: 1 },
      { ...message, total_amount_spent: "0" },
      { id: "1" },
    ]) {
      expect(isMessage(wrong)).toBe(false);
    }
  });
});

/** UTF-8 has no lone surrogates, and a NUL is none of our business here. */
function wellFormed(name: string): string {
  return Buffer.from(name, "utf8").toString("utf8");
}

/** A row of two blank fields counts as one; a byte order mark is dropped at the start of a file only. */
function isNoBlankRow(name: string): boolean {
  return name.trim() !== "" && !name.includes("\r");
}
