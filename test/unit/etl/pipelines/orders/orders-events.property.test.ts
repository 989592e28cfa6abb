import * as fc from "fast-check";
import { MemoryLedgerStore } from "../../../../support/fakes/memory-ledger-store";
import { Crash, type Hook, OrdersWorld } from "../../../../support/models/orders-world";

const KINDS = ["customers", "orders", "items"] as const;
type Kind = (typeof KINDS)[number];

/** Contents that contradict each other in every way that matters: other values, rows that come and go, bad rows. */
const CONTENTS: Readonly<Record<Kind, readonly string[]>> = {
  customers: [
    "customer_id,customer_name\n1,Ann\n2,Bob\n",
    "customer_id,customer_name\n1,Ann\n2,Bobby\n3,Cid\n",
    "customer_id,customer_name\n2,Bob\n1,Ann\n2,Rob\n",
  ],
  orders: [
    "order_id,customer_id,amount\n10,1,0.10\n11,1,0.20\n",
    "order_id,customer_id,amount\n11,1,0.20\n10,1,0.10\n12,2,1e3\n",
    "order_id,customer_id,amount\n10,1,0.10\n11,1,0.20\n12,2,7\n",
  ],
  items: ["item_id,order_id\n100,10\n", "item_id,order_id\n101,12\n100,10\n", "item_id,order_id\n"],
};
const name = (id: string) => (files: Kinds) => files.customers.match(new RegExp(`^${id},(.*)$`, "m"))?.[1];
type Kinds = Readonly<Record<Kind, string>>;

/** What should come of three files, worked out the plain way. */
function expectedMessages(files: Kinds) {
  const parse = (text: string) =>
    text
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(","));
  const ids = [...new Set(parse(files.customers).map(([id = ""]) => id))];
  const orders = parse(files.orders).filter(([, , amount = ""]) => /^[\d.]+$/.test(amount));
  return Object.fromEntries(
    ids.map((id) => {
      const own = orders.filter(([, customer]) => customer === id).sort(([a = ""], [b = ""]) => Number(a) - Number(b));
      const cents = own.reduce((sum, [, , amount = ""]) => sum + Math.round(Number(amount) * 100), 0);
      const described = own.map(([order = "", , amount]) => ({
        id: order,
        amount: Number(amount),
        item_ids: parse(files.items)
          .filter(([, of]) => of === order)
          .map(([item]) => item),
      }));
      return [id, { id, name: name(id)(files), total_amount_spent: cents / 100, orders: described }];
    }),
  );
}

/** An upload, then an invocation or two at once, each with some of the pending messages and perhaps its end. */
const stepArbitrary = fc.record({
  kind: fc.constantFrom(...KINDS),
  content: fc.nat(2),
  workers: fc.array(
    fc.record({
      picks: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
      killedAt: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
      /** It is done, but the queue never hears of it. */
      comesAgain: fc.boolean(),
    }),
    { maxLength: 2 },
  ),
});

describe("the order, repetition and splitting of events, and the end of workers", () => {
  test("never change the last messages", async () => {
    const seen = { killed: 0, together: 0, sent: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(stepArbitrary, { minLength: 3, maxLength: 8 }), fc.scheduler(), async (steps, s) => {
        // Prepare
        const world = new OrdersWorld(new MemoryLedgerStore());
        const last: Record<Kind, string> = { customers: "", orders: "", items: "" };
        const put = async (kind: Kind, content: number) => {
          last[kind] = CONTENTS[kind][content] ?? "";
          await world.upload(`${kind}_20230828.csv`, last[kind]);
        };
        for (const kind of KINDS) await put(kind, 0);

        // Act
        for (const { kind, content, workers } of steps) {
          await put(kind, content);
          const invocations = workers.map(async ({ picks, killedAt, comesAgain }) => {
            const pending = [...world.pending];
            const triggers = [...new Set(picks.map((pick) => pending[pick % pending.length]))].filter(isThere);
            const failures = await world.deliver(triggers, hookOf(s, killedAt));
            if (failures.some((failure) => failure instanceof Crash)) seen.killed += 1;
            if (comesAgain) for (const trigger of triggers) world.pending.add(trigger);
          });
          if (invocations.length === 2) seen.together += 1;
          await s.waitFor(Promise.all(invocations));
        }
        await world.drain();

        // Assess
        const expected = expectedMessages(last);
        const latest = world.latest();
        for (const [id, body] of Object.entries(expected)) expect(latest[id]?.body).toEqual(body);
        const contents = new Map<string, string>();
        for (const { body, deduplication, attributes } of world.sent) {
          const version = `${JSON.parse(body).id} v${attributes.version}`;
          expect(contents.get(version) ?? body + deduplication).toBe(body + deduplication);
          contents.set(version, body + deduplication);
        }
        seen.sent += world.sent.length;
      }),
      { numRuns: 100 },
    );
    expect(seen.killed).toBeGreaterThan(30);
    expect(seen.together).toBeGreaterThan(30);
    expect(seen.sent).toBeGreaterThan(250);
  });
});

/** Lets the scheduler say which worker goes on, and ends this one at its step. */
function hookOf(scheduler: fc.Scheduler, killedAt = Number.POSITIVE_INFINITY): Hook {
  let step = 0;
  return async () => {
    step += 1;
    if (step >= killedAt) throw new Crash(`killed at step ${killedAt}`);
    await scheduler.schedule(Promise.resolve());
  };
}

function isThere<Value>(value: Value | undefined): value is Value {
  return value !== undefined;
}
