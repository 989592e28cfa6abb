import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { openPostgres } from "../../etl/adapters/postgres/postgres";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import { runFeedHere } from "../../scripts/run/feed/run-feed-here";
import { SilentProgress } from "../../scripts/run/terminal/silent-progress";
import { type Fault, type FaultTrigger, FaultyProxy } from "../support/feeds/faulty-proxy";
import { writeSales } from "../support/files/sales-files";
import { forget, readings } from "../support/models/feeds/feed-run";
import { describeOnPostgres } from "../support/servers/feed-databases";

/** A connection that breaks. */
describeOnPostgres(1, ({ server, first }) => {
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
      proxy = await FaultyProxy.start(server().port);
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
      const database = await openPostgres<FeedTables>(proxy.url(server().url()), patience);
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

      expect(summary).toMatchObject({ rows: 40, inserted: 40, chunks: 2 });
      expect(await state()).toEqual(done);
    });

    test.each(["a chunk", "the end"])("silent after %s is kept, likewise", async (stage) => {
      const summary = await runThrough({ mode: "swallow", when: keeping(stage) });

      expect(summary).toMatchObject({ rows: 40, inserted: 40 });
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
});
