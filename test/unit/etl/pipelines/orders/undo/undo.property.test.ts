import * as fc from "fast-check";
import { BatchModel } from "../../../../../support/models/orders/batch-model";
import { KINDS } from "../../../../../support/models/orders/orders-plain";

const kind = fc.constantFrom(...KINDS);
const deathFrom = (min: number, max: number) =>
  fc.option(
    fc.record({
      at: fc.integer({ min, max }),
      next: fc.constantFrom("again" as const, "look" as const, "step" as const),
    }),
    {
      nil: undefined,
      freq: 2,
    },
  );
const death = deathFrom(1, 50);
/** Most before or among its messages. */
const deathOfUndo = deathFrom(15, 40);
const anyPut = fc.record({ does: fc.constant("put" as const), kind, content: fc.nat(2), death });
const anyLoss = fc.record({ does: fc.constant("lose" as const), kind, death });
const anyReturn = fc.record({ does: fc.constant("return" as const), death });
const anyUndo = fc.record({
  does: fc.constant("undo" as const),
  back: fc.nat(2),
  cascade: fc.boolean(),
  death: deathOfUndo,
});
const anySteps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: anyPut },
    { weight: 4, arbitrary: anyUndo },
    { weight: 2, arbitrary: anyLoss },
    { weight: 2, arbitrary: anyReturn },
  ),
  { minLength: 5, maxLength: 12 },
);
/** After a step: whether the events that are left come newest first, or oldest first. */
const anyOrders = fc.array(fc.boolean(), { minLength: 12, maxLength: 12 });
describe("any sequence of sends, resends, undos, missing files and deaths", () => {
  test("leaves the messages of the sends that are not undone", async () => {
    const seen = { killed: 0, undone: 0, resumed: 0, partial: 0, missing: 0 };
    await fc.assert(
      fc.asyncProperty(anySteps, anyOrders, async (steps, orders) => {
        const batch = new BatchModel(seen);
        await batch.begin();
        for (const [at, step] of steps.entries()) await batch.take(step, orders[at]);
        await batch.end();
      }),
      { numRuns: 120 },
    );
    expect(seen.killed).toBeGreaterThan(120);
    expect(seen.undone).toBeGreaterThan(60);
    expect(seen.resumed).toBeGreaterThan(2);
    expect(seen.partial).toBeGreaterThan(25);
    expect(seen.missing).toBeGreaterThan(60);
  });
});
