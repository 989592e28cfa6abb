import { forgetInBatch } from "../../../../../../etl/pipelines/orders/forget/forget-customer";
import { STATE_ITEM } from "../../../../../../etl/pipelines/orders/ledger/batch-state";
import { CustomerShards, shardOf } from "../../../../../../etl/pipelines/orders/ledger/shards";
import { planUndo } from "../../../../../../etl/pipelines/orders/undo/plan-undo";
import { FILES, MESSAGES } from "../../../../../support/files/orders-files";
import type { OrdersWorld } from "../../../../../support/models/orders/orders-world";
import { BATCH, undoWorld, WRONG } from "../../../../../support/models/orders/undo-world";

describe("undo of a send of orders", () => {
  const { begin, put, plan, undo, sent } = undoWorld();
  let world: OrdersWorld;

  beforeEach(async () => {
    world = await begin();
  });

  test("sends the messages of before with a higher version, once, and the wrong file is not read again", async () => {
    // Prepare
    await put("orders", WRONG);
    const wrong = sent();

    // Act
    const planned = await plan();
    await undo(2, 2);
    await put("orders", WRONG);
    await undo(2, 2);

    // Assess
    expect(wrong.map(({ version }) => version)).toEqual([2, 2]);
    expect(planned).toMatchObject({ send: 2, newest: 2, messages: 2, unsent: 0, conflicts: 0 });
    expect(planned.shown[0]).toEqual({ customer: "2", version: 3, now: wrong[0]?.body, before: MESSAGES[1] });
    expect(sent()).toEqual([MESSAGES[1], MESSAGES[2]].map((body) => ({ body, version: 3 })));
    expect(world.outcomes.slice(-3)).toMatchObject([
      { status: "undone", send: 2, by: 3, corrected: 2, unchanged: 1 },
      { status: "unchanged" },
      { status: "refused", reason: expect.stringContaining("got sent, send 3, expected sent, send 2") },
    ]);
    expect(world.notifications.at(-1)?.text).toBe(
      `Batch ${BATCH}: send 2 undone by me: 2 messages as they were before, with a higher version\n` +
        "The files of the batch are not read again until one of them is another",
    );
  });

  test("is a send itself: its undo sends what it took back; a corrected file wins over both", async () => {
    // Prepare
    await put("orders", WRONG);
    await undo(2, 2);
    world.sent.splice(0);

    // Act
    await expect(plan()).rejects.toThrow(`The newest send of the batch is an undo: got send 3`);
    await undo(3, 3);
    const forth = sent();
    await put("orders", FILES.orders.replace("2,300.00", "2,301.00"));

    // Assess
    expect(forth).toMatchObject([{ version: 4, body: expect.stringContaining(":999,") }, { version: 4 }]);
    expect(sent()).toMatchObject([
      { version: 5, body: expect.stringContaining(":301,") },
      { body: MESSAGES[2], version: 5 },
    ]);
  });

  test("of an older send leaves customers as they are whom a later one changed; with cascade it takes back both", async () => {
    // Prepare
    await put("orders", WRONG);
    await put("customers", FILES.customers.replace("Jane Smith", "Jane Doe"));
    world.sent.splice(0);

    // Act
    const planned = await plan(2);
    const cascading = await plan(2, true);
    await undo(2, 3);
    const skipped = sent();
    await undo(4, 4);
    world.sent.splice(0);
    await undo(2, 5, true);

    // Assess
    expect(planned).toMatchObject({ messages: 1, conflicts: 1 });
    expect(planned.shownConflicts).toEqual([
      {
        ...{ customer: "2", before: MESSAGES[1] },
        after: expect.stringMatching(/Jane Smith.*999/),
        now: expect.stringMatching(/Jane Doe.*999/),
      },
    ]);
    expect(cascading).toMatchObject({ messages: 2, conflicts: 0 });
    expect(skipped).toEqual([{ body: MESSAGES[2], version: 3 }]);
    expect(sent()).toEqual([
      { body: MESSAGES[1], version: 4 },
      { body: MESSAGES[2], version: 5 },
    ]);
  });

  test("says of whom there was no message before, and of whom there was one that nobody took back", async () => {
    // Prepare
    await put("customers", FILES.customers.replace("3,Alice Johnson", "4,Dan"));
    world.sent.splice(0);

    // Act
    const planned = await plan();
    await undo(2, 2);

    // Assess
    expect(planned).toMatchObject({ messages: 0, unsent: 1 });
    expect(planned.shown.map(({ customer, version, before }) => [customer, version, before])).toEqual([
      ["3", null, MESSAGES[2]],
      ["4", null, null],
    ]);
    expect(sent()).toEqual([]);
    expect(world.notifications.at(-1)?.text).toContain(
      "Customers who had no message before it: 1; none is sent for them",
    );
  });

  test("says that a message goes out which a worker wrote down and perhaps never sent", async () => {
    // Prepare
    await put("customers", FILES.customers.replace("3,Alice Johnson", "4,Dan"));
    const shards = await CustomerShards.read(world.ledger, BATCH);
    shards.set("3", { ...(shards.last("3") ?? { version: 1, hash: "" }), isSent: false });
    await shards.write(shardOf("3"));
    world.sent.splice(0);

    // Act
    const planned = await plan();
    await undo(2, 2);

    // Assess
    expect(planned).toMatchObject({ messages: 1, unsent: 1 });
    expect(planned.shown.map(({ customer, version }) => [customer, version])).toEqual([
      ["3", 1],
      ["4", null],
    ]);
    expect(sent()).toEqual([{ body: MESSAGES[2], version: 1 }]);
  });

  test("refuses the first send, an unknown one, a batch that waits, and a file that is not kept any more", async () => {
    const nothing = planUndo({ batch: "acme/20230829", cascade: false }, world);
    await expect(nothing).rejects.toThrow("No message of this batch was sent");
    const alone = "expected a later send than the first: it has none";
    await expect(plan(1)).rejects.toThrow(/messages cannot be taken back: got acme\/20230828@1, .* it has none/);
    await expect(plan(7)).rejects.toThrow(`no such send: got acme/20230828@7, ${alone}`);
    await put("orders", WRONG);
    await expect(plan(7)).rejects.toThrow(/expected one of its sends after the first: 2 \([^;]*\)$/);
    world.objects.versions.get("acme/orders_20230828.csv")?.shift();
    await expect(plan(2)).rejects.toThrow(/is not kept any more: got no version v\d+ of acme\/orders_20230828.csv/);
    world.objects.versions.delete("acme/items_20230828.csv");
    await world.upload("acme/orders_20230828.csv", FILES.orders);
    await world.drain();
    await expect(plan(2)).rejects.toThrow("acme/20230828 is waiting");
  });

  test("knows the files of a batch that a version before sent, and leaves out who was forgotten since", async () => {
    // Prepare
    const { value, revision } = (await world.ledger.read(BATCH, STATE_ITEM)) ?? { value: "{}", revision: "" };
    const { send: _, ...older } = JSON.parse(value);
    await world.ledger.write(BATCH, STATE_ITEM, JSON.stringify(older), revision);
    await put("orders", WRONG);
    const { ledger } = world;
    const objects = { ...noObjects, list: async function* () {} };
    await forgetInBatch(BATCH, "2", { ledger, objects, clock: { now: () => 0, sleep: async () => undefined } });
    world.sent.splice(0);

    // Act
    const planned = await plan();
    await undo(2, 2);

    // Assess
    expect(planned.shown.map(({ customer }) => customer)).toEqual(["3"]);
    expect(sent()).toEqual([{ body: MESSAGES[2], version: 3 }]);
  });
});

const never = async (): Promise<never> => {
  throw new Error("nothing lies in the bucket");
};
const noObjects = { open: never, put: never, remove: never };
