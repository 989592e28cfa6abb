import { MemoryLedgerStore } from "../../../../support/fakes/memory-ledger-store";
import { ordersSuite } from "../../../../support/suites/orders/orders-suite";

describe("orders, with its ledger in memory", () => ordersSuite(() => new MemoryLedgerStore()));
