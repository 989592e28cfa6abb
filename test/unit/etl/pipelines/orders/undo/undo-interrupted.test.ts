import { FILES, MESSAGES } from "../../../../../support/files/orders-files";
import { Crash, crashAt, type OrdersWorld } from "../../../../../support/models/orders/orders-world";
import { BATCH, ORDERS, undoWorld, WRONG } from "../../../../../support/models/orders/undo-world";

describe("an undo of orders whose worker dies, or whose files go missing", () => {
  const { begin, put, undo, sent, dieOnce, dieInUndo, state } = undoWorld();
  let world: OrdersWorld;

  beforeEach(async () => {
    world = await begin();
  });

  test("killed after each of its steps and tried again, or looked at, sends each message, one content under one version", async () => {
    for (let step = 1; ; step += 1) {
      // Prepare
      world = await begin();
      await put("orders", WRONG);
      world.sent.splice(0);
      const asked = world.ask({ batch: BATCH, send: 2, newest: 2, cascade: false });

      // Act
      const failures = await world.deliver([asked], crashAt(step));
      if (step % 2 === 0) await put("orders", WRONG);
      await world.drain();

      // Assess
      const ids = new Map(world.sent.map(({ body, deduplication }) => [deduplication, body]));
      expect([...ids.values()]).toEqual([MESSAGES[1], MESSAGES[2]]);
      expect(world.sent.every(({ attributes }) => attributes.version === 3)).toBe(true);
      if (failures.length === 0) return;
      expect(failures[0]).toBeInstanceOf(Crash);
    }
  });

  test("gives way to files that come while it is not at its end", async () => {
    // Prepare
    await put("orders", WRONG);
    const onceOneIsSent = async () => {
      if (world.sent.length === 3) throw new Crash("killed");
    };

    // Act
    const asked = world.ask({ batch: BATCH, send: 2, newest: 2, cascade: false });
    await world.deliver([asked], onceOneIsSent);
    world.pending.delete(asked);
    await put("orders", FILES.orders.replace("2,300.00", "2,301.00"));
    await world.deliver([asked]);

    // Assess
    expect(world.latest()["2"]?.body).toMatchObject({ total_amount_spent: 301 });
    expect(world.latest()["3"]?.body).toMatchObject({ total_amount_spent: 200 });
    expect(world.outcomes.at(-1)).toMatchObject({ status: "refused", reason: expect.stringContaining("send 3") });
  });

  test("whose worker died is brought to its end by a look at the same files; its retry then sends nothing", async () => {
    // Prepare
    const asked = await dieInUndo();

    // Act
    await put("orders", WRONG);
    await world.deliver([asked]);

    // Assess
    expect(world.outcomes.slice(-2)).toMatchObject([
      { status: "undone", send: 2, by: 3, repeated: 2, corrected: 0, unchanged: 1 },
      { status: "unchanged" },
    ]);
    expect(sent()).toEqual([MESSAGES[1], MESSAGES[1], MESSAGES[2]].map((body) => ({ body, version: 3 })));
  });

  test("holds for wrong files that go missing and come back", async () => {
    // Prepare
    await put("orders", WRONG);
    await undo(2, 2);
    world.sent.splice(0);
    world.objects.versions.delete(ORDERS);

    // Act
    await put("items", FILES.items);
    await put("orders", WRONG);
    await put("items", FILES.items);

    // Assess
    expect(world.outcomes.slice(-3)).toMatchObject([
      { status: "waiting", missing: ["orders"] },
      { status: "unchanged" },
      { status: "unchanged" },
    ]);
    expect(await state()).toMatchObject({ state: "sent", files: { orders: { bytes: WRONG.length } } });
    expect(sent()).toEqual([]);
  });

  test.each(["the wrong file", "its retry"])(
    "whose worker died, and whose files went missing, is brought to its end once %s comes",
    async (next) => {
      // Prepare
      const asked = await dieInUndo();
      const orders = world.objects.versions.get(ORDERS) ?? [];
      world.objects.versions.delete(ORDERS);
      await put("items", FILES.items);
      const isMissing = await state();
      world.objects.versions.set(ORDERS, orders);

      // Act
      await (next === "its retry" ? world.deliver([asked]) : put("orders", WRONG));

      // Assess
      expect(isMissing).toMatchObject({ state: "waiting" });
      expect(world.outcomes.at(-1)).toMatchObject({ status: "undone", repeated: 2 });
      expect(await state()).toMatchObject({
        ...{ state: "sent", files: { orders: { bytes: WRONG.length } } },
        send: { number: 3, undo: { send: 2 } },
      });
      expect(sent()).toEqual([MESSAGES[1], MESSAGES[1], MESSAGES[2]].map((body) => ({ body, version: 3 })));
    },
  );

  test("holds no longer once other files were begun: the wrong ones are news then", async () => {
    // Prepare
    await put("orders", WRONG);
    await undo(2, 2);
    const others = await world.upload(ORDERS, FILES.orders.replace("2,300.00", "2,301.00"));
    world.sent.splice(0);
    await dieOnce(1, others);

    // Act
    await put("orders", WRONG);

    // Assess
    expect(sent()).toMatchObject([
      { version: 4, body: expect.stringContaining(":301,") },
      { version: 5, body: expect.stringContaining(":999,") },
      { version: 4, body: expect.stringContaining(":201,") },
    ]);
  });
});
