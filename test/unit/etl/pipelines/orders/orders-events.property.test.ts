import * as fc from "fast-check";
import { MemoryLedgerStore } from "../../../../support/fakes/memory-ledger-store";
import { CONTENTS, expectedMessages, KINDS, type Kind } from "../../../../support/models/orders/orders-plain";
import { Crash, type Hook, OrdersWorld } from "../../../../support/models/orders/orders-world";

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
