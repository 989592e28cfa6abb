import { findCreated, parseObjectEvents } from "../../core/objects/object-events";
import type { OrdersPorts } from "./orders-ports";
import type { BatchOutcome } from "./outcome";
import { processBatch } from "./process-batch";
import { type Batch, parseBatchFile } from "./records/batch";
import { undoBatch } from "./undo/undo-batch";
import { parseUndo } from "./undo/undo-event";
import type { Worker } from "./with-batch";

/** A message that says that objects were created, or asks for an undo. */
export interface ReceivedEvent {
  readonly body: string;
  /** How many times it came, this one included. */
  readonly tries: number;
}

/** Called with a worker's findings. */
export interface WorkerLog {
  /** A file of another name, or one that is gone again. */
  readonly onIgnored: (key: string, reason: string) => void;
  readonly onOutcome: (outcome: BatchOutcome) => void;
}

/** Handles the events of one invocation: several of one batch make it look at the batch once. */
export class OrdersWorker {
  readonly #ports: OrdersPorts;
  readonly #claim: Omit<Worker, "tellsFailure">;
  readonly #log: WorkerLog;
  readonly #looks = new Map<string, Promise<void>>();

  constructor(ports: OrdersPorts, claim: Omit<Worker, "tellsFailure">, log: WorkerLog) {
    this.#ports = ports;
    this.#claim = claim;
    this.#log = log;
  }

  /** @throws the failure: the event should then come again */
  async handle({ body, tries }: ReceivedEvent): Promise<void> {
    const undo = parseUndo(body);
    if (undo !== undefined) {
      this.#log.onOutcome(await undoBatch(undo, this.#ports, { ...this.#claim, tellsFailure: tries === 1 }));
      return;
    }
    for (const created of parseObjectEvents(body)) {
      if (!created.keys.some((key) => parseBatchFile(key) !== undefined)) {
        this.#log.onIgnored(created.keys[0], "no file of a batch by its name");
        continue;
      }
      const object = await findCreated(this.#ports.objects, created, { pinned: false });
      const batch = object === undefined ? undefined : parseBatchFile(object.key);
      if (batch === undefined) this.#log.onIgnored(created.keys[0], "gone again");
      else await this.#lookOnce(batch, tries === 1);
    }
  }

  #lookOnce(batch: Batch, tellsFailure: boolean): Promise<void> {
    const look = this.#looks.get(batch.id) ?? this.#look(batch, tellsFailure);
    this.#looks.set(batch.id, look);
    return look;
  }

  async #look(batch: Batch, tellsFailure: boolean): Promise<void> {
    this.#log.onOutcome(await processBatch(batch, this.#ports, { ...this.#claim, tellsFailure }));
  }
}
