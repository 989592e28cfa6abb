import { UsageError } from "../../../../etl/core/errors";
import { BatchStateItem } from "../../../../etl/pipelines/orders/ledger/batch-state";
import { BatchBusyError } from "../../../../etl/pipelines/orders/ledger/lease";
import type { Undo } from "../../../../etl/pipelines/orders/ledger/sends";
import type { UndoneSends } from "../../../../etl/pipelines/orders/undo/contents";
import { planUndo } from "../../../../etl/pipelines/orders/undo/plan-undo";
import { MemoryLedgerStore } from "../../fakes/memory-ledger-store";
import { CONTENTS, expectedMessages, KINDS, type Kind, type Kinds } from "./orders-plain";
import { Crash, crashAt, OrdersWorld, type Trigger } from "./orders-world";

const BATCH = "20230828";
const keyOf = (kind: Kind) => `${kind}_${BATCH}.csv`;

/** Where a worker is killed, and what comes next: its event again at once, or after an event of the same files, or after the next step. */
interface Death {
  readonly at: number;
  readonly next: "again" | "look" | "step";
}

/** Something that happens to a batch, and perhaps the death of its worker. */
type Step = { readonly death: Death | undefined } & (
  | { readonly does: "put"; readonly kind: Kind; readonly content: number }
  | { readonly does: "lose"; readonly kind: Kind }
  /** All missing files come back as they were. */
  | { readonly does: "return" }
  | { readonly does: "undo"; readonly back: number; readonly cascade: boolean }
);

/** How often which things happened. */
type Seen = Record<"killed" | "undone" | "resumed" | "partial" | "missing", number>;

/** The bodies of a batch's messages, by customer. */
type Messages = ReadonlyMap<string, string>;

/** A batch, and what its messages should be after each of its sends. */
export class BatchModel {
  readonly #world = new OrdersWorld(new MemoryLedgerStore());
  readonly #seen: Seen;
  /** What is in the bucket. */
  readonly #files: Partial<Record<Kind, string>> = {};
  /** What was there, and is missing. */
  readonly #missing: Partial<Record<Kind, string>> = {};
  /** The messages after each send. */
  readonly #sends: Messages[] = [];
  /** The files of the newest send that was no undo, and those that the newest undo passes over. */
  #read: Kinds | undefined;
  #withdrawn: Kinds | undefined;
  /** Whether a worker died since then that perhaps had begun to send other files: then the former are news. */
  #areOthersBegun = false;

  constructor(seen: Seen) {
    this.#seen = seen;
  }

  async begin(): Promise<void> {
    for (const one of KINDS) await this.#put(one, CONTENTS[one][0] ?? "");
    await this.#settle();
    await this.take({ does: "put", kind: "orders", content: 2, death: undefined });
  }

  async end(): Promise<void> {
    await this.#putBack();
    await this.#settle();
  }

  async take(step: Step, isNewestFirst = false): Promise<void> {
    const trigger = await this.#cause(step);
    if (trigger === undefined) return;
    const failures = await this.#deliver(trigger, step.death?.at);
    if (failures.length > 0) {
      this.#seen.killed += 1;
      if (step.death?.next === "step") return;
      if (step.death?.next === "look") await this.#lookBefore(trigger);
    }
    await this.#settle(isNewestFirst);
  }

  async #cause(step: Step): Promise<Trigger | undefined> {
    if (step.does === "put") return this.#put(step.kind, CONTENTS[step.kind][step.content] ?? "");
    if (step.does === "undo") return this.#ask(step.back, step.cascade);
    if (step.does === "return") return this.#putBack();
    this.#world.objects.delete(keyOf(step.kind));
    this.#missing[step.kind] = this.#files[step.kind] ?? this.#missing[step.kind];
    delete this.#files[step.kind];
    return this.#putSame();
  }

  #put(one: Kind, content: string): Promise<Trigger> {
    this.#files[one] = content;
    delete this.#missing[one];
    return this.#world.upload(keyOf(one), content);
  }

  /** @returns one of the events */
  async #putBack(): Promise<Trigger | undefined> {
    let trigger: Trigger | undefined;
    for (const [one, content] of Object.entries(this.#missing)) trigger = await this.#put(one as Kind, content);
    return trigger;
  }

  /** The same content of a file again. */
  async #putSame(): Promise<Trigger | undefined> {
    const one = KINDS.find((known) => this.#files[known] !== undefined);
    return one && this.#put(one, this.#files[one] ?? "");
  }

  /** As a person does: only of what is planned without an error. */
  async #ask(back: number, cascade: boolean): Promise<Trigger | undefined> {
    const newest = this.#sends.length;
    const send = newest - back;
    const plan = await planUndo({ batch: BATCH, send, cascade }, this.#world).catch((error: unknown) => error);
    if (plan instanceof UsageError && (send < 2 || /has not come to its end/.test(plan.message))) return undefined;
    const left = this.#without({ send, newest, cascade });
    const now = this.#sends.at(-1);
    const changed = [...union(now, left)].filter((customer) => now?.get(customer) !== left.get(customer));
    expect(plan).toMatchObject({
      ...{ send, newest, unsent: changed.filter((customer) => !left.has(customer)).length },
      shown: changed.sort().map((customer) => ({
        ...{ customer, now: now?.get(customer) ?? null, before: left.get(customer) ?? null },
        version: this.#versionAfter(customer, left.get(customer)),
      })),
    });
    return this.#world.ask({ batch: BATCH, send, newest, cascade });
  }

  /** Null if no message is sent about a customer. */
  #versionAfter(customer: string, body: string | undefined): number | null {
    const last = this.#world.latest()[customer];
    return body === undefined || body === JSON.stringify(last?.body) ? null : (last?.version ?? 0) + 1;
  }

  async #lookBefore(trigger: Trigger): Promise<void> {
    this.#world.pending.delete(trigger);
    await this.#putSame();
    await this.#settle();
    this.#world.pending.add(trigger);
  }

  /** All events are handled. Then the messages are right, if no file is missing. */
  async #settle(isNewestFirst = false): Promise<void> {
    const oldestFirst = [...this.#world.pending];
    const triggers = isNewestFirst ? oldestFirst.reverse() : oldestFirst;
    for (const trigger of [...triggers, ...triggers]) {
      if (this.#world.pending.has(trigger)) await this.#deliver(trigger);
    }
    expect(this.#world.pending.size).toBe(0);
    const files = this.#whole();
    if (files === undefined) {
      this.#seen.missing += 1;
      return;
    }
    const sent = this.#sends.at(-1) ?? new Map<string, string>();
    if (!areSame(files, this.#withdrawn)) expect(sent).toEqual(messagesOf(files));
    const latest = this.#world.latest();
    for (const [customer, body] of sent) expect(JSON.stringify(latest[customer]?.body)).toBe(body);
    const { state } = await BatchStateItem.read(this.#world.ledger, BATCH);
    expect(state).toMatchObject({ state: "sent" });
    expect(state?.undo).toBeUndefined();
    this.#compareVersions();
  }

  /** A version has one content, and another one than the version before it. */
  #compareVersions(): void {
    const contents = new Map<string, string>();
    for (const { body, attributes } of this.#world.sent) {
      const [{ id }, version] = [JSON.parse(body), Number(attributes.version)];
      expect(contents.get(`${id} ${version}`) ?? body).toBe(body);
      for (const next of [version - 1, version + 1]) expect(contents.get(`${id} ${next}`)).not.toBe(body);
      contents.set(`${id} ${version}`, body);
    }
  }

  /** One invocation, and what it did by the ledger. */
  async #deliver(trigger: Trigger, killedAt = Number.POSITIVE_INFINITY): Promise<readonly unknown[]> {
    const before = (await BatchStateItem.read(this.#world.ledger, BATCH)).state;
    const failures = await this.#world.deliver([trigger], crashAt(killedAt));
    const { newestSend } = await BatchStateItem.read(this.#world.ledger, BATCH);
    for (const failure of failures) if (!(failure instanceof BatchBusyError || failure instanceof Crash)) throw failure;
    const files = this.#whole();
    if (newestSend?.number === this.#sends.length + 1) {
      if (newestSend.undo === undefined) this.#countFiles(files);
      else this.#countUndo(newestSend.undo, before?.undo !== undefined);
    }
    expect(newestSend?.number ?? 0).toBe(this.#sends.length);
    const isKilled = failures.some((failure) => failure instanceof Crash);
    this.#areOthersBegun ||= isKilled && files !== undefined && !areSame(files, this.#withdrawn);
    return failures;
  }

  #countFiles(files: Kinds | undefined): void {
    if (!this.#areOthersBegun) expect(files).not.toEqual(this.#withdrawn);
    this.#sends.push(messagesOf(files));
    this.#read = files;
    this.#withdrawn = undefined;
    this.#areOthersBegun = false;
  }

  #countUndo(undo: Undo, isResumed: boolean): void {
    expect(undo.newest).toBe(this.#sends.length);
    this.#seen.undone += 1;
    this.#seen.resumed += isResumed ? 1 : 0;
    this.#seen.partial += undo.send < undo.newest ? 1 : 0;
    this.#sends.push(this.#without(undo));
    this.#withdrawn = this.#read;
    this.#areOthersBegun = false;
  }

  /** The files in the bucket, if there are all three. */
  #whole(): Kinds | undefined {
    const { customers, orders, items } = this.#files;
    return customers === undefined || orders === undefined || items === undefined
      ? undefined
      : { customers, orders, items };
  }

  /** What an undo leaves, customer by customer. */
  #without({ send, newest, cascade }: UndoneSends): Messages {
    const [before, after, now] = [send - 1, send, newest].map((number) => this.#sends[number - 1]);
    const left = new Map<string, string>();
    for (const customer of union(before, after, now)) {
      const isChanged = before?.get(customer) !== after?.get(customer);
      const isSame = after?.get(customer) === now?.get(customer);
      const body = cascade || (isChanged && isSame) ? before?.get(customer) : now?.get(customer);
      if (body !== undefined) left.set(customer, body);
    }
    return left;
  }
}

function messagesOf(files: Kinds | undefined): Messages {
  if (files === undefined) throw new Error("messages of a batch that a file is missing of");
  return new Map(Object.entries(expectedMessages(files)).map(([customer, body]) => [customer, JSON.stringify(body)]));
}

function union(...all: readonly (Messages | undefined)[]): ReadonlySet<string> {
  return new Set(all.flatMap((messages) => [...(messages?.keys() ?? [])]));
}

function areSame(one: Kinds | undefined, other: Kinds | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
