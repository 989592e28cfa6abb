import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { openPostgres } from "../../etl/adapters/postgres/postgres";
import { runProgram } from "../../scripts/command-line/run-program";
import { writeSales } from "../support/files/sales-files";
import { startEtl } from "../support/processes/run-etl";
import { describeOnPostgres } from "../support/servers/feed-databases";

/** The command line, with processes of its own. */
describeOnPostgres(1, ({ server, first }) => {
  describe("npm run etl -- feed sales --workers 2", () => {
    let folder: string;

    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), "millrace-workers-"));
      await sql`drop table if exists sales, millrace_migration_import_sales`.execute(first().db);
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const SILENCE_MS = 2_000;
    const start = (...args: string[]) =>
      startEtl(folder, ["feed", "sales", "--from", "in", "--workers", "2", "--json", ...args], {
        DATABASE_URL: server().url(),
        MILLRACE_SILENCE_MS: String(SILENCE_MS),
      });

    /** Waits until so many sessions wait for a lock. */
    async function untilWaiting(sessions: number): Promise<void> {
      for (;;) {
        const { rows } = await sql`
          select 1 from pg_stat_activity where wait_event_type = 'Lock' and wait_event in ('relation', 'transactionid')`.execute(
          first().db,
        );
        if (rows.length >= sessions) return;
        await sleep(50);
      }
    }

    /** Waits until both workers wait for the table, and sends the signal to the one that is a process of its own. */
    async function signalWorker(command: number, signal: "SIGKILL" | "SIGSTOP"): Promise<void> {
      await untilWaiting(2);
      const { stdout } = await runProgram("pgrep", ["-P", String(command)]);
      const pids = stdout.split("\n").map(Number);
      const workers = await Promise.all(
        pids.map(async (pid) => ({ pid, line: (await runProgram("ps", ["-o", "args=", "-p", String(pid)])).stdout })),
      );
      const worker = workers.find(({ line }) => line.includes("chunk-worker"));
      if (worker === undefined) throw new Error(`no worker among ${JSON.stringify(workers)}`);
      process.kill(worker.pid, signal);
    }

    test.each([
      ["killed", "SIGKILL"],
      ["frozen", "SIGSTOP"],
    ] as const)("loads every row once though a worker is %s in the middle of a chunk", async (_, signal) => {
      // Prepare: a table that both workers will wait for.
      const rows = 1_000;
      writeSales(join(folder, "in"), { "0.csv": { first: 0, rows } });
      const { code: prepared } = await start("--full").end;
      writeSales(join(folder, "in"), { "1.csv": { first: rows, rows }, "2.csv": { first: 2 * rows, rows } });
      const holder = await openPostgres(server().url());
      await sql`begin`.execute(holder.db);
      await sql`lock table sales in exclusive mode`.execute(holder.db);

      // Act
      const command = start();
      await signalWorker(command.pid, signal);
      await holder.close();
      const { code, stdout, stderr } = await command.end;
      const again = await start().end;
      const full = await start("--full").end;

      // Assess
      expect({ prepared, code, stderr: code === 0 ? "" : stderr }).toEqual({ prepared: 0, code: 0, stderr: "" });
      expect(JSON.parse(stdout)).toMatchObject({ rows: 2 * rows, inserted: 2 * rows, rejected: 0 });
      expect(JSON.parse(again.stdout)).toMatchObject({ chunks: 0, rows: 0 });
      expect(JSON.parse(full.stdout)).toMatchObject({ rows: 3 * rows, inserted: 0, updated: 0 });
      const count = await sql<{ count: number }>`select count(*) from sales`.execute(first().db);
      expect(count.rows).toEqual([{ count: 3 * rows }]);
    });

    test("says what is loaded and stays after Ctrl-C, and continues from there", async () => {
      // Prepare: somebody writes a row of the last file, and has yet to commit it.
      const rows = 20;
      writeSales(join(folder, "in"), { "0.csv": { first: 0, rows } });
      const one = ["--workers", "1"];
      const { code: prepared } = await start("--full", ...one).end;
      expect(prepared).toBe(0);
      writeSales(join(folder, "in"), { "1.csv": { first: rows, rows }, "2.csv": { first: 2 * rows, rows } });
      const [, last = ""] = readFileSync(join(folder, "in", "2.csv"), "utf8").split("\n");
      const [sale = "", line = ""] = last.split(",");
      const holder = await openPostgres(server().url());
      await sql`begin`.execute(holder.db);
      await sql`insert into sales (sale_id, line, sold_at, day, product, quantity, amount, is_return)
        select ${sale}::bigint, ${line}::integer, sold_at, day, product, quantity, amount, is_return from sales limit 1`.execute(
        holder.db,
      );

      // Act: its process waits for that row once it has loaded the file before.
      const command = start(...one);
      await untilWaiting(1);
      command.kill("SIGINT");
      const { code, stdout, stderr } = await command.end;
      await sql`rollback`.execute(holder.db);
      await holder.close();
      const next = await start(...one).end;

      // Assess
      expect(code).toBe(130);
      expect(stderr).toMatch(
        /^Stopped: 1 of 2 chunks is done and stays, with 20 inserts, .*The same command continues/m,
      );
      expect(JSON.parse(stdout)).toMatchObject({ status: "interrupted", rows, inserted: rows, chunks: 1 });
      expect(JSON.parse(next.stdout)).toMatchObject({
        status: "succeeded",
        takenOver: 1,
        rows: 2 * rows,
        inserted: 2 * rows,
      });
    });
  });
});
