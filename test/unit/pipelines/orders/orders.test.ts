import { MemoryLedgerStore } from "../../../support/memory-ledger-store";
import { ordersSuite } from "../../../support/orders-suite";

describe("orders, with its ledger in memory", () => ordersSuite(() => new MemoryLedgerStore()));
