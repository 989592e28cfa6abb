import type { LedgerStore } from "../../core/objects/ledger-store";
import type { ObjectStore } from "../../core/objects/objects";
import type { Outbox } from "../../core/objects/outbox";
import type { Notifier } from "../../core/ports";

/** The pipeline's dependencies. */
export interface OrdersPorts {
  readonly objects: ObjectStore;
  readonly ledger: LedgerStore;
  readonly outbox: Outbox;
  readonly notifier: Notifier;
}
