import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { openPostgres } from "../../etl/adapters/postgres/postgres";
import type { Database } from "../../etl/core/database/database";
import { LiveDatabase } from "../../etl/core/database/live-database";
import { summariseFeed } from "../../etl/feeds/ledger/summarise";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import { loadChunk } from "../../etl/feeds/load/load-chunk";
import type { FeedChunk } from "../../etl/feeds/run/events";
import { findCloudProgram } from "../../scripts/cloud/environment/programs";
import type { PostgresServer } from "../../scripts/cloud/postgres-server";
import { runProgram } from "../../scripts/command-line/run-program";
import { runFeedHere } from "../../scripts/run/feed/run-feed-here";
import { SilentProgress } from "../../scripts/run/terminal/silent-progress";
import { MemoryRangedObjects } from "../support/fakes/memory-ranged-objects";
import { type Fault, type FaultTrigger, FaultyProxy } from "../support/feeds/faulty-proxy";
import { describeUnless } from "../support/files/real-data";
import { writeSales } from "../support/files/sales-files";
import { describeFeedModel } from "../support/models/feed-model";
import {
  csvOf,
  type FeedRun,
  forget,
  load,
  plan,
  planLive,
  reading,
  readings,
  readTable,
  run,
} from "../support/models/feed-run";
import { startEtl } from "../support/processes/run-etl";
import { postgresMissing, startPostgres } from "../support/servers/postgres";
import { describeContractChanges } from "../support/suites/contract-changes-suite";
import { describeFeedHabits } from "../support/suites/feed-habits-suite";
import { describeFeedRevisions } from "../support/suites/feed-revisions-suite";
import { describeFeedLoads } from "../support/suites/feed-suite";
import { describeFeedValues } from "../support/suites/feed-values-suite";
import { describeFeedWatch } from "../support/suites/feed-watch-suite";
import { describeLostTables } from "../support/suites/lost-tables-suite";
import { describeRehearsal } from "../support/suites/rehearsal-suite";
import { describeRejectedObjects } from "../support/suites/rejected-objects-suite";
import { describeUnendedRuns } from "../support/suites/unended-runs-suite";

describeUnless(postgresMissing, "with PostgreSQL", () => {
  let server: PostgresServer;
  let databases: Database<FeedTables>[];
  const first = () => databases[0] as Database<FeedTables>;

  beforeAll(async () => {
    server = await startPostgres();
    databases = await Promise.all([1, 2, 3, 4].map(() => openPostgres<FeedTables>(server.url())));
  });
  afterAll(async () => {
    await Promise.all(databases?.map(({ close }) => close()) ?? []);
    await server?.remove();
  });

  const open = () => openPostgres<FeedTables>(server.url());
  describeFeedLoads("PostgreSQL", open);
  describeFeedValues("PostgreSQL", open);
  describeFeedHabits("PostgreSQL", open);
  describeFeedWatch("PostgreSQL", open);
  describeUnendedRuns("PostgreSQL", open);
  describeLostTables("PostgreSQL", open);
  describeRejectedObjects("PostgreSQL", open);
  describeRehearsal("PostgreSQL", open);
  describeFeedRevisions("PostgreSQL", open);
  describeContractChanges("PostgreSQL", open);
  describeFeedModel("PostgreSQL", open, 60);

  /** Lets all connections load the chunks, each taking the next one. */
  async function loadSideBySide(
    planned: { runId: string },
    chunks: readonly FeedChunk[],
    objects: MemoryRangedObjects,
    contract: FeedRun["contract"] = readings,
  ) {
    const queue = chunks.values();
    const work = async (database: Database<FeedTables>) => {
      for (const chunk of queue) await load(database, planned, chunk, { contract, objects });
    };
    await Promise.all(databases.map(work));
  }

  test("chunks at once with the same keys, in opposite orders, end as one after the other, without a deadlock", async () => {
    const objects = new MemoryRangedObjects({ piece: 65_536 });
    const meters = Array.from({ length: 4_000 }, (_, index) => `m${String(index).padStart(5, "0")}`);
    for (let object = 0; object < 8; object += 1) {
      const own = meters.slice(object * 300, object * 300 + 1_900);
      const rows = own.map((meter, index) =>
        reading(meter, { value: `${object}.${String(index % 100).padStart(2, "0")}` }),
      );
      objects.put(`o${object}`, csvOf(...(object % 2 === 0 ? rows : rows.toReversed())));
    }
    await forget(first(), readings);
    const alone = await plan(first(), { contract: readings, objects, chunkBytes: 20_000 });
    for (const chunk of alone.list) await load(first(), alone, chunk, { contract: readings, objects });
    const expected = await readTable(first(), readings);

    for (const order of [alone.list, alone.list.toReversed()]) {
      await sql`truncate readings, import_chunk`.execute(first().db);
      await loadSideBySide(alone, order, objects);

      expect(await readTable(first(), readings)).toEqual(expected);
      const { rows, inserted } = await summariseFeed(new LiveDatabase(first()), readings, alone.runId);
      expect([rows, inserted]).toEqual([8 * 1_900, 4_000]);
    }
    const { rows } = await sql<{ deadlocks: number }>`
      select deadlocks from pg_stat_database where datname = current_database()`.execute(first().db);
    expect(rows).toEqual([{ deadlocks: 0 }]);
  });

  test("revisions of chunks at once are as of one after the other", async () => {
    const contract = { ...readings, revisions: true };
    const objects = new MemoryRangedObjects({ piece: 65_536 });
    const meters = Array.from({ length: 300 }, (_, index) => `m${index}`);
    for (let value = 1; value <= 8; value += 1) {
      const rows = meters.map((meter) => reading(meter, { value: `${value}.00` }));
      objects.put(`o${value}`, csvOf(...(value % 2 === 0 ? rows : rows.toReversed())));
    }
    await forget(first(), readings);
    const planned = await plan(first(), { contract, objects, chunkBytes: 2_000 });

    await loadSideBySide(planned, planned.list, objects, contract);

    // Each change of a row begins with what the one before left.
    const { rows } = await sql<{ broken: number; changes: number }>`
      select count(*) filter (where "before" <> last)::int as broken, count(*)::int as changes
      from (select before ->> 'value' as "before", lag(after ->> 'value') over (partition by key order by id) as last from revision) r`.execute(
      first().db,
    );
    expect(rows[0]?.changes).toBeGreaterThan(300);
    expect(rows[0]?.broken).toBe(0);
  });

  test("a chunk that two workers load at once counts once", async () => {
    const objects = new MemoryRangedObjects({ piece: 65_536 });
    objects.put("a", csvOf(...Array.from({ length: 3_000 }, (_, index) => reading(`m${index}`))));
    await forget(first(), readings);
    const planned = await plan(first(), { contract: readings, objects });

    await loadSideBySide(
      planned,
      [0, 1, 2, 3].flatMap(() => planned.list),
      objects,
    );

    expect(await summariseFeed(new LiveDatabase(first()), readings, planned.runId)).toMatchObject({
      rows: 3_000,
      inserted: 3_000,
    });
    expect(await readTable(first(), readings)).toHaveLength(3_000);
  });

  test("a column waits for its table's lock a few seconds, and the run then says who is to end", async () => {
    const { note, ...fewer } = readings.columns;
    const objects = new MemoryRangedObjects();
    objects.put("a", csvOf(reading("m1")));
    await forget(first(), readings);
    await run(first(), { contract: { ...readings, columns: fewer }, objects });
    const holder = await open();
    await sql`begin`.execute(holder.db);
    await sql`select from readings`.execute(holder.db);

    const waiting = run(first(), { contract: readings, objects });

    await expect(waiting).rejects.toThrow(
      /is in use: got no lock within 5 s, expected no column note.*ADD COLUMN "note" text;/,
    );
    await holder.close();
    expect(await run(first(), { contract: readings, objects })).toMatchObject({ chunks: 0 });
  });

  test("a run is over when its connection is gone, and not before", async () => {
    const bearing = { ...readings, maxRejected: { rows: 1 } };
    const objects = new MemoryRangedObjects();
    objects.put("a", csvOf(reading("m1"), reading("m2", { day: "2023-02-29" })));
    objects.put("b", csvOf(reading("m3")));
    await forget(first(), readings);
    const other = await open();
    const attended = await plan(other, { contract: bearing, objects, attended: true });
    const [chunk] = attended.list;
    if (chunk === undefined) throw new Error("no chunk");
    await load(other, attended, chunk, { contract: bearing, objects });

    const meanwhile = run(first(), { contract: bearing, objects });
    await expect(meanwhile).rejects.toThrow(`The run ${attended.runId} of readings is under way`);
    await other.close();
    const later = await run(first(), { contract: bearing, objects });

    expect(later).toMatchObject({ takenOver: 1, rows: 3, inserted: 2, rejected: 1 });
  });

  test("a run whose connection was lost and replaced is not over", async () => {
    const objects = new MemoryRangedObjects();
    objects.put("a", csvOf(reading("m1")));
    await forget(first(), readings);
    const live = new LiveDatabase(await open());
    const { runId, list } = await planLive(live, { contract: readings, objects, attended: true });
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(live.db);
    await server.query("postgres", "select pg_terminate_backend($1, 5000)", [rows[0]?.pid]);

    for (const chunk of list) await loadChunk(live, { runId, chunk, contract: readings, objects });
    const meanwhile = run(first(), { contract: readings, objects });
    await expect(meanwhile).rejects.toThrow(`The run ${runId} of readings is under way`);
    const summary = await summariseFeed(live, readings, runId);
    await live.close();

    expect(summary).toMatchObject({ rows: 1, inserted: 1, missing: 0, again: true });
  });

  test("a database that was restored from a dump goes on where it was", async () => {
    // Prepare
    const objects = new MemoryRangedObjects();
    objects.put("a", csvOf(reading("m1")));
    await forget(first(), readings);
    await run(first(), { contract: readings, objects });

    // Act
    const file = join(mkdtempSync(join(tmpdir(), "millrace-dump-")), "dump.sql");
    const client = (name: string) => join(dirname(realpathSync(findCloudProgram("initdb").path ?? "")), name);
    await runProgram(client("pg_dump"), [`--dbname=${server.url()}`, `--file=${file}`]);
    await server.query("postgres", "create database restored");
    await runProgram(client("psql"), [`--dbname=${server.url("restored")}`, "--quiet", `--file=${file}`]);
    rmSync(dirname(file), { recursive: true });
    const restored = await openPostgres<FeedTables>(server.url("restored"));
    objects.put("b", csvOf(reading("m2")));
    const summary = await run(restored, { contract: readings, objects });
    await restored.close();

    // Assess
    expect(summary).toMatchObject({ objects: 1, rows: 1, inserted: 1 });
  });

  describe("through a connection that breaks", () => {
    const LOADED = /update "import_chunk"/;
    const JUDGED = /set "judged"/;
    const commit = /commit\0/;
    const phases: Readonly<Record<string, FaultTrigger>> = {
      "attending the run": { side: "client", pattern: /millrace import run/ },
      "before the begin is kept": { side: "client", pattern: commit, after: /insert into "import_run"/ },
      "after the begin is kept": {
        side: "client",
        pattern: commit,
        after: /insert into "import_run"/,
        strike: "after",
      },
      "settling the table": { side: "client", pattern: /insert into import_target/, strike: "after" },
      "after objects are kept": {
        side: "client",
        pattern: commit,
        after: /insert into import_object/,
        strike: "after",
      },
      "copying a chunk": { side: "client", pattern: /copy "millrace_stage"/, strike: "after" },
      "before a chunk is kept": { side: "client", pattern: commit, after: LOADED },
      "after a chunk is kept": { side: "client", pattern: commit, after: LOADED, strike: "after" },
      "before the end is kept": { side: "client", pattern: commit, after: JUDGED },
      "after the end is kept": { side: "client", pattern: commit, after: JUDGED, strike: "after" },
    };
    const keeping = (stage: string) => phases[`after ${stage} is kept`] as FaultTrigger;
    let folder: string;
    let proxy: FaultyProxy;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), "millrace-broken-"));
      writeSales(folder, { "0.csv": { first: 0, rows: 20 }, "1.csv": { first: 20, rows: 20 } });
      proxy = await FaultyProxy.start(server.port);
    });
    beforeEach(async () => {
      proxy.heal();
      await forget(first(), readings);
      await sql`drop table if exists sales, millrace_migration_import_sales`.execute(first().db);
    });
    afterAll(async () => {
      await proxy.close();
      rmSync(folder, { recursive: true });
    });

    const runThrough = async (fault: Fault) => {
      const patience = { silenceMs: 300, connectTimeoutMs: 500 };
      const database = await openPostgres<FeedTables>(proxy.url(server.url()), patience);
      proxy.arm(fault);
      const options = { contract: "sales", from: folder, workers: 1 };
      return runFeedHere(database, options, { progress: new SilentProgress() }).finally(database.close);
    };
    const state = async () => {
      const [runs, chunks, sales] = await Promise.all([
        first().db.selectFrom("etl_run").select("status").execute(),
        first().db.selectFrom("import_chunk").select("rows").execute(),
        sql`select from sales`.execute(first().db),
      ]);
      return { runs: runs.map(({ status }) => status), chunks: chunks.length, rows: sales.rows.length };
    };
    const done = { runs: ["succeeded"], chunks: 2, rows: 40 };

    test.each(Object.entries(phases))("cut %s, goes on over a new one, and each row counts once", async (_, when) => {
      const summary = await runThrough({ mode: "cut", when });

      expect(summary).toMatchObject({ rows: 40, inserted: 40, chunks: 2, missing: 0 });
      expect(await state()).toEqual(done);
    });

    test.each(["a chunk", "the end"])("silent after %s is kept, likewise", async (stage) => {
      const summary = await runThrough({ mode: "swallow", when: keeping(stage) });

      expect(summary).toMatchObject({ rows: 40, inserted: 40, missing: 0 });
      expect(await state()).toEqual(done);
    });

    test.each([
      ["a chunk", "the chunk was kept; import_chunk has it if so", { runs: ["running"], chunks: 1, rows: 20 }],
      ["the end", "the run was kept; etl_run has it if so", done],
    ] as const)("for good after %s is kept, says that it is not known", async (stage, kept, left) => {
      const running = runThrough({ mode: "cut", lasting: true, when: keeping(stage) });

      await expect(running).rejects.toThrow(`It is not known whether ${kept}`);
      expect(await state()).toEqual(left);
    });
  });

  describe("npm run etl -- feed sales --workers 2", () => {
    let folder: string;

    beforeEach(async () => {
      folder = mkdtempSync(join(tmpdir(), "millrace-import-"));
      await sql`drop table if exists sales, millrace_migration_import_sales`.execute(first().db);
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const SILENCE_MS = 2_000;
    const start = (...args: string[]) =>
      startEtl(folder, ["feed", "sales", "--from", "in", "--workers", "2", "--json", ...args], {
        DATABASE_URL: server.url(),
        MILLRACE_SILENCE_MS: String(SILENCE_MS),
      });

    /** Waits until both workers wait for the table, and sends the signal to the one that is a process of its own. */
    async function signalWorker(command: number, signal: "SIGKILL" | "SIGSTOP"): Promise<void> {
      for (;;) {
        const { rows } = await sql`
          select 1 from pg_stat_activity where wait_event_type = 'Lock' and wait_event = 'relation'`.execute(
          first().db,
        );
        if (rows.length > 1) break;
        await sleep(50);
      }
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
      const holder = await openPostgres(server.url());
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
  });
});
