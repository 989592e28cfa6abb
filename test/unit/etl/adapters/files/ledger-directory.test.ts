import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LedgerDirectory } from "../../../../../etl/adapters/files/ledger-directory";
import { MemoryLedgerStore } from "../../../../support/fakes/memory-ledger-store";
import { ledgerStoreSuite } from "../../../../support/suites/orders/ledger-store-suite";
import { ordersSuite } from "../../../../support/suites/orders/orders-suite";

describe("MemoryLedgerStore", () => ledgerStoreSuite(() => new MemoryLedgerStore()));

describe("LedgerDirectory", () => {
  let folder: string;
  let ledger: LedgerDirectory;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "millrace-ledger-"));
    ledger = await LedgerDirectory.open(join(folder, "ledger"));
  });

  afterEach(async () => {
    await ledger.close();
    await rm(folder, { recursive: true });
  });

  ledgerStoreSuite(() => ledger);

  describe("with orders", () => ordersSuite(() => ledger));

  test("is there after it was closed, and empty when it is opened fresh", async () => {
    // Prepare
    const revision = await ledger.write("20230828", "batch", "{}", undefined);
    const reopen = async (options = {}) => {
      await ledger.close();
      ledger = await LedgerDirectory.open(join(folder, "ledger"), options);
      return ledger.read("20230828", "batch");
    };

    // Act and assess
    expect(await reopen()).toEqual({ name: "batch", value: "{}", revision });
    expect(await reopen({ fresh: true })).toBeUndefined();
    expect(await readdir(join(folder, "ledger"))).toEqual([]);
  });
});
