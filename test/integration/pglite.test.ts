import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPglite } from "../../etl/adapters/pglite";
import { createStock, loadStock, makeStock, readStock, type StockTables } from "../support/stock";
import { describeTypes } from "../support/types-suite";

describeTypes("PGlite", openPglite);

describe("openPglite", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "millrace-pglite-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("keeps what was loaded from one opening to the next", async () => {
    const directory = join(folder, "deep", "db");
    const first = await openPglite<StockTables>(directory);
    await createStock(first.db);
    await loadStock(first, [makeStock()]);
    await first.close();

    const second = await openPglite<StockTables>(directory);
    expect(await readStock(second)).toEqual([makeStock({ amount: "1.5000" })]);
    await second.close();
  });

  test("refuses a directory that another process has open, and takes it when that one is dead", async () => {
    const directory = join(folder, "db");
    const holder = spawn(
      process.execPath,
      ["--import", "tsx", join(__dirname, "../support/hold-pglite.ts"), directory],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    await once(holder.stdout, "data");

    const refused = openPglite(directory, { waitMs: 500 });
    await expect(refused).rejects.toMatchObject({
      name: "DatabaseError",
      message: expect.stringMatching(new RegExp(`another process.*got process ${holder.pid} on .*${directory}`)),
    });

    holder.kill("SIGKILL");
    await once(holder, "exit");
    const { close } = await openPglite(directory);
    await close();
  });

  test("waits for one that is about to close", async () => {
    const directory = join(folder, "db");
    const first = await openPglite(directory);
    const second = openPglite(directory);

    await first.close();

    await (await second).close();
  });

  test("gives the directory free when its files are not a database", async () => {
    const directory = join(folder, "db");
    const first = await openPglite(directory);
    await first.close();
    writeFileSync(join(directory, "PG_VERSION"), "9.0\n");

    await expect(openPglite(directory)).rejects.toMatchObject({ name: "DatabaseError" });
    await expect(openPglite(directory, { waitMs: 0 })).rejects.not.toThrow(/another process/);
  });
});
