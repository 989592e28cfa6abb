import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { openPostgres } from "../../etl/adapters/postgres/postgres";
import type { Database } from "../../etl/core/database/database";
import type { PostgresServer } from "../../scripts/cloud/postgres-server";
import { describeUnless } from "../support/files/real-data";
import { createStock, loadStock, makeStock, readStock, type StockTables } from "../support/models/stock";
import { postgresMissing, startPostgres } from "../support/servers/postgres";

describeUnless(postgresMissing, "a process killed while it loads a million records", () => {
  let server: PostgresServer;
  let database: Database<StockTables>;
  let child: ChildProcess | undefined;

  beforeAll(async () => {
    server = await startPostgres();
    database = await openPostgres<StockTables>(server.url());
  });
  afterAll(async () => {
    child?.kill("SIGKILL");
    await database?.close();
    await server?.remove();
  });

  /** Waits until another session runs a statement that begins so. */
  async function seeStatement(start: string): Promise<void> {
    for (;;) {
      const { rows } = await sql`select 1 from pg_stat_activity
        where pid <> pg_backend_pid() and state = 'active' and query ~ ${`^\\s*${start}`}`.execute(database.db);
      if (rows.length > 0) return;
      await sleep(5);
    }
  }

  test.each([
    ["records are being sent", "copy"],
    ["the table is being written", "with differing"],
  ])("leaves the table as it was while %s", async (_when, statement) => {
    await createStock(database.db);
    await loadStock(database, [makeStock({ sku: 1, label: "old" })]);
    child = spawn(
      process.execPath,
      ["--import", "tsx", join(__dirname, "../support/processes/load-million.ts"), server.url()],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );

    await seeStatement(statement);
    child.kill("SIGKILL");
    const [, signal] = await once(child, "exit");

    expect(signal).toBe("SIGKILL");
    expect(await readStock(database)).toEqual([makeStock({ sku: 1, label: "old", amount: "1.5000" })]);
    await sql`select pg_terminate_backend(pid, 10000) from pg_stat_activity
      where pid <> pg_backend_pid() and application_name = 'millrace'`.execute(database.db);
    expect(await loadStock(database, [makeStock({ sku: 1 }), makeStock({ sku: 2 })])).toMatchObject({
      inserted: 1,
      updated: 1,
    });
  });
});
