import type { LedgerStore } from "../../../../etl/core/objects/ledger-store";
import type { OutgoingMessage } from "../../../../etl/core/objects/outbox";
import type { Notification } from "../../../../etl/core/ports";
import { BatchBusyError, type Clock } from "../../../../etl/pipelines/orders/ledger/lease";
import type { Undo } from "../../../../etl/pipelines/orders/ledger/sends";
import type { OrdersPorts } from "../../../../etl/pipelines/orders/orders-ports";
import { OrdersWorker } from "../../../../etl/pipelines/orders/orders-worker";
import type { BatchOutcome } from "../../../../etl/pipelines/orders/outcome";
import { undoEvent } from "../../../../etl/pipelines/orders/undo/undo-event";
import type { MemoryLedgerStore } from "../../fakes/memory-ledger-store";
import { MemoryObjects } from "../../fakes/memory-objects";

/** The process is dead: nothing that it does counts any more. */
export class Crash extends Error {}

/** Called before and after each thing that a worker does to the world; may wait, or throw a {@link Crash}. */
export type Hook = () => Promise<void>;

/** A message of the queue that triggers the pipeline. */
export interface Trigger {
  readonly id: string;
  readonly body: string;
  tries: number;
}

/** Bucket, queues, ledger and topic of `orders`. */
export class OrdersWorld<Ledger extends LedgerStore = MemoryLedgerStore> {
  readonly objects = new MemoryObjects();
  readonly sent: OutgoingMessage[] = [];
  readonly notifications: Notification[] = [];
  readonly outcomes: BatchOutcome[] = [];
  readonly ignored: string[] = [];
  /** Triggers that nobody is done with. */
  readonly pending = new Set<Trigger>();
  /** Calls that workers have begun; those of a dead one come to their end without it. */
  readonly #begun: Promise<unknown>[] = [];
  maxBytes = 262_144;
  /** How long a worker has, by a clock that goes on only while one waits. */
  workerMs = 60_000;
  #now = 0;
  #triggers = 0;

  constructor(readonly ledger: Ledger) {}

  /** Puts a file, and its event into the queue. */
  async upload(key: string, body: string | Uint8Array): Promise<Trigger> {
    await this.objects.put(key, body);
    this.#triggers += 1;
    const object = { key, "version-id": this.objects.versions.get(key)?.at(-1)?.version };
    const detail = { bucket: { name: this.objects.name }, object };
    return this.#trigger(JSON.stringify({ source: "aws.s3", "detail-type": "Object Created", detail }));
  }

  /** Puts the message of an undo into the queue. */
  ask(undo: Omit<Undo, "id" | "by">): Trigger {
    this.#triggers += 1;
    return this.#trigger(undoEvent({ ...undo, id: `undo ${this.#triggers}`, by: "me" }));
  }

  #trigger(body: string): Trigger {
    const trigger = { id: `m${this.#triggers}`, body, tries: 0 };
    this.pending.add(trigger);
    return trigger;
  }

  /**
   * One invocation with these triggers; those that it is done with leave the queue. All that it began has happened when
   * it returns.
   *
   * @returns what failed
   */
  async deliver(triggers: readonly Trigger[], hook: Hook = async () => undefined): Promise<readonly unknown[]> {
    const worker = new OrdersWorker(
      this.#ports(hook),
      { owners: triggers.map(({ id }) => id), until: this.#now + this.workerMs, clock: this.#clock(hook) },
      { onIgnored: (key) => this.ignored.push(key), onOutcome: (outcome) => this.outcomes.push(outcome) },
    );
    const failures: unknown[] = [];
    for (const trigger of triggers) {
      trigger.tries += 1;
      await worker.handle(trigger).then(
        () => this.pending.delete(trigger),
        (error) => failures.push(error),
      );
    }
    await Promise.allSettled(this.#begun.splice(0));
    return failures;
  }

  /** Delivers what is pending, one by one; what finds its batch taken, again. */
  async drain(): Promise<void> {
    for (const trigger of [...this.pending, ...this.pending]) {
      const [failure] = this.pending.has(trigger) ? await this.deliver([trigger]) : [];
      if (failure !== undefined && !(failure instanceof BatchBusyError)) throw failure;
    }
  }

  /** The message of the highest version about each customer, by customer; their bodies parsed. */
  latest(): Readonly<Record<string, { readonly version: number; readonly body: unknown }>> {
    const newest = [...this.sent].sort((a, b) => Number(a.attributes.version) - Number(b.attributes.version));
    return Object.fromEntries(
      newest.map(({ body, attributes }) => {
        const message = JSON.parse(body);
        return [message.id, { version: Number(attributes.version), body: message }];
      }),
    );
  }

  /** Time passes while workers wait, and not else. */
  #clock(hook: Hook): Clock {
    return {
      now: () => this.#now,
      sleep: async (ms) => {
        this.#now += ms;
        await hook();
      },
    };
  }

  #ports(hook: Hook): OrdersPorts {
    const intercept = <Port extends object>(port: Port) => interceptCalls(port, hook, this.#begun);
    return {
      objects: intercept(this.objects),
      ledger: intercept(this.ledger),
      outbox: {
        maxBytes: async () => this.maxBytes,
        send: async (messages) => {
          for (const message of messages) {
            await hook();
            this.sent.push(message);
            await hook();
          }
        },
      },
      notifier: intercept({ notify: async (one: Notification) => void this.notifications.push(one) }),
    };
  }
}

/** A port whose every call is between two calls of the hook, and is kept. */
function interceptCalls<Port extends object>(port: Port, hook: Hook, begun: Promise<unknown>[]): Port {
  return new Proxy(port, {
    get(target, name) {
      const member = Reflect.get(target, name, target);
      if (typeof member !== "function" || name === "locate") return member;
      const call = member.bind(target);
      if (name === "list") return (...args: unknown[]) => listBetween(() => call(...args), hook);
      return async (...args: unknown[]) => {
        await hook();
        const running = Promise.resolve(call(...args));
        begun.push(running);
        const result = await running;
        await hook();
        return result;
      };
    },
  });
}

async function* listBetween(list: () => AsyncIterable<unknown>, hook: Hook): AsyncGenerator<unknown> {
  await hook();
  for await (const item of list()) {
    yield item;
    await hook();
  }
}

/** A hook that kills the worker at its nth step, and keeps it dead. */
export function crashAt(step: number): Hook {
  let steps = 0;
  return async () => {
    steps += 1;
    if (steps >= step) throw new Crash(`killed at step ${step}`);
  };
}
