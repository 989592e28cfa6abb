import { STATE_ITEM } from "../../../../etl/pipelines/orders/ledger/batch-state";
import { planUndo, type UndoPlan } from "../../../../etl/pipelines/orders/undo/plan-undo";
import { MemoryLedgerStore } from "../../fakes/memory-ledger-store";
import { FILES } from "../../files/orders-files";
import { Crash, OrdersWorld, type Trigger } from "./orders-world";

export const BATCH = "acme/20230828";
export const ORDERS = "acme/orders_20230828.csv";
export const WRONG = FILES.orders.replace("2,300.00", "2,999.00").replace("3,80.00", "3,81.00");

/** A batch that is sent, and what tests of its undo do with it; `begin` makes another world. */
export function undoWorld() {
  let world: OrdersWorld;

  async function begin(): Promise<OrdersWorld> {
    world = new OrdersWorld(new MemoryLedgerStore());
    for (const kind of ["customers", "orders", "items"] as const) await put(kind, FILES[kind]);
    world.sent.splice(0);
    return world;
  }

  async function put(kind: keyof typeof FILES, text: string): Promise<void> {
    await world.upload(`acme/${kind}_20230828.csv`, text);
    await world.drain();
  }

  async function plan(send?: number, cascade = false): Promise<UndoPlan> {
    return planUndo({ batch: BATCH, send, cascade }, world);
  }

  async function undo(send: number, newest: number, cascade = false): Promise<void> {
    world.ask({ batch: BATCH, send, newest, cascade });
    await world.drain();
  }

  /** The messages that were sent since the last call. */
  function sent() {
    return world.sent.splice(0).map(({ body, attributes }) => ({ body, version: attributes.version }));
  }

  /** The worker of an event dies when so many messages are sent, and the event does not come again by itself. */
  async function dieOnce(count: number, trigger: Trigger): Promise<Trigger> {
    const failures = await world.deliver([trigger], async () => {
      if (world.sent.length === count) throw new Crash("killed");
    });
    expect(failures).toEqual([expect.any(Crash)]);
    world.pending.delete(trigger);
    return trigger;
  }

  /** Wrong orders are sent, and the worker that undoes this dies once it sent the first message. */
  async function dieInUndo(): Promise<Trigger> {
    await put("orders", WRONG);
    world.sent.splice(0);
    return dieOnce(1, world.ask({ batch: BATCH, send: 2, newest: 2, cascade: false }));
  }

  async function state() {
    return JSON.parse((await world.ledger.read(BATCH, STATE_ITEM))?.value ?? "{}");
  }

  return { begin, put, plan, undo, sent, dieOnce, dieInUndo, state };
}
