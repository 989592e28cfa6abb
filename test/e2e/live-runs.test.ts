import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { sql } from "kysely";
import { RangedDirectory } from "../../etl/adapters/files/ranged-directory";
import { openPostgres } from "../../etl/adapters/postgres/postgres";
import type { Database } from "../../etl/core/database/database";
import { LiveDatabase } from "../../etl/core/database/live-database";
import { DEFAULT_CHECKS } from "../../etl/core/watch/feed-checks";
import { summariseFeed } from "../../etl/feeds/ledger/summarise";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import { MemoryLists } from "../../etl/feeds/plan/memory-lists";
import { runFeed } from "../../etl/feeds/run/run-feed";
import { sales } from "../../etl/feeds/sales";
import type { PostgresServer } from "../../scripts/cloud/postgres-server";
import { MemoryRangedObjects } from "../support/fakes/memory-ranged-objects";
import { describeUnless } from "../support/files/real-data";
import { writeSales } from "../support/files/sales-files";
import {
  csvOf,
  forget,
  load,
  NotBegunError,
  type PlannedRun,
  plan,
  reading,
  readings,
  readTable,
  run,
} from "../support/models/feeds/feed-run";
import { describeFeedRunModel } from "../support/models/feeds/feed-run-model";
import { startEtl } from "../support/processes/run-etl";
import { postgresMissing, startPostgres } from "../support/servers/postgres";
import { describeFeedRuns } from "../support/suites/feeds/runs/feed-runs-suite";
import { describeLiveRuns } from "../support/suites/feeds/runs/live-runs-suite";

const CONNECTIONS = 8;
const EVENTS = 1_000;
/** So many events tell of one object: they come at least once. */
const EVENTS_AN_OBJECT = 5;

describeUnless(postgresMissing, "with PostgreSQL", () => {
  let server: PostgresServer;
  let databases: Database<FeedTables>[];
  let objects: MemoryRangedObjects;
  const first = () => databases[0] as Database<FeedTables>;
  const open = () => openPostgres<FeedTables>(server.url());

  beforeAll(async () => {
    server = await startPostgres();
    databases = await Promise.all(Array.from({ length: CONNECTIONS }, open));
  });
  beforeEach(async () => {
    objects = new MemoryRangedObjects({ page: 500, piece: 65_536 });
    await forget(first(), readings);
  });
  afterAll(async () => {
    await Promise.all(databases?.map(({ close }) => close()) ?? []);
    await server?.remove();
  });

  describeLiveRuns("PostgreSQL", open);
  describeFeedRuns("PostgreSQL", open);
  describeFeedRunModel("PostgreSQL", open, 25);

  /** Works through items over all connections, each taking the next one. */
  async function sideBySide<Item>(
    items: readonly Item[],
    work: (database: Database<FeedTables>, item: Item) => Promise<void>,
  ) {
    const queue = items.values();
    await Promise.all(
      databases.map(async (database) => {
        for (const item of queue) await work(database, item);
      }),
    );
  }

  const events = Array.from({ length: EVENTS }, (_, index) => index);

  /** An event: the object is there, then a run is to begin. */
  const arrive = async (database: Database<FeedTables>, event: number): Promise<PlannedRun | undefined> => {
    if (event % EVENTS_AN_OBJECT === 0) objects.put(`${event}.csv`, csvOf(reading(`m${event}`)));
    return plan(database, { contract: readings, objects }).catch((error: unknown) => {
      if (error instanceof NotBegunError) return undefined;
      throw error;
    });
  };

  test("1,000 events while it is under way make one more run, and no object is lost", async () => {
    // Act
    const begun: PlannedRun[] = [];
    await sideBySide(events, async (database, event) => {
      const planned = await arrive(database, event);
      if (planned !== undefined) begun.push(planned);
    });
    const summaries = [];
    for (let next = begun[0]; next !== undefined; ) {
      const { runId, list } = next;
      await sideBySide(
        list,
        async (database, chunk) => void (await load(database, { runId }, chunk, { contract: readings, objects })),
      );
      const summary = await summariseFeed(new LiveDatabase(first()), readings, runId);
      summaries.push(summary);
      next = summary.again ? await plan(first(), { contract: readings, objects, again: true }) : undefined;
    }

    // Assess
    expect(begun).toHaveLength(1);
    expect(summaries).toMatchObject([{ again: true }, { again: false }]);
    expect(await readTable(first(), readings)).toHaveLength(EVENTS / EVENTS_AN_OBJECT);
  });

  test("events that come while runs begin and end lose no object, and no two runs are under way at once", async () => {
    const most: number[] = [];
    const follow = async (database: Database<FeedTables>, planned: PlannedRun | undefined): Promise<void> => {
      if (planned === undefined) return;
      for (const chunk of planned.list) await load(database, planned, chunk, { contract: readings, objects });
      const { rows } = await sql<{
        alive: number;
      }>`select count(*) as alive from etl_run where status = 'running'`.execute(database.db);
      most.push(rows[0]?.alive ?? 0);
      const { again } = await summariseFeed(new LiveDatabase(database), readings, planned.runId);
      const next = plan(database, { contract: readings, objects, again: true }).catch(() => undefined);
      if (again) await follow(database, await next);
      else await next;
    };

    await sideBySide(events.slice(0, 300), async (database, event) => follow(database, await arrive(database, event)));

    expect(await readTable(first(), readings)).toHaveLength(300 / EVENTS_AN_OBJECT);
    expect(Math.max(...most)).toBe(1);
    expect(await sql`select from import_request where requested_at is not null`.execute(first().db)).toMatchObject({
      rows: [],
    });
  });

  test("whose object cannot be written in time, as another session locks the table, gives it up, and the next run tries", async () => {
    // Prepare
    const bytes = gzipSync(csvOf(...Array.from({ length: 3_000 }, (_, index) => reading(`m${index}`))));
    await run(first(), { contract: readings, objects });
    objects.put("a.csv.gz", bytes);
    const holder = await open();
    await sql`begin`.execute(holder.db);
    await sql`lock table readings in exclusive mode`.execute(holder.db);
    const until = performance.now() + 2_500;
    const watch = { checks: DEFAULT_CHECKS, today: "2026-01-01" };
    const call = (remainingMs?: () => number) =>
      runFeed(new LiveDatabase(first()), {
        ...{ contract: readings, objects, manifests: new MemoryLists(), runId: randomUUID(), watch },
        ...{ chunkBytes: 1_000, remainingMs },
      });

    // Act
    const late = await call(() => until - performance.now()).catch((error: Error) => error.message);
    await holder.close();
    const next = await call();

    // Assess
    expect(late).toMatch(/1 object was not to be loaded.*all 3000 rows of it read in 2 s/);
    expect(next).toMatchObject({ summary: { inserted: 3_000 } });
  });

  test("on AWS ends a command on a laptop well where it lists the same place, and refuses one of another", async () => {
    // Prepare
    const folder = mkdtempSync(join(tmpdir(), "millrace-live-"));
    for (const place of ["same", "other"]) writeSales(join(folder, place), { "0.csv": { first: 0, rows: 3 } });
    const command = (from: string, ...args: string[]) =>
      startEtl(folder, ["feed", "sales", "--from", from, ...args], { DATABASE_URL: server.url() }).end;
    await forget(first(), sales);
    const { runId } = await plan(first(), {
      contract: sales,
      objects: await RangedDirectory.open(join(folder, "same")),
    });

    // Act
    const told = await command("same");
    const json = await command("same", "--json");
    const refused = await command("other");
    rmSync(folder, { recursive: true });

    // Assess
    expect(told).toMatchObject({ code: 0, stdout: expect.stringMatching(`^The run ${runId} of sales is under way`) });
    expect(told.stdout).toMatch(/should it have died, it counts as over at 20.*Nothing was done here/);
    expect([json.code, JSON.parse(json.stdout)]).toMatchObject([0, { status: "waits", waitsFor: runId }]);
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/Another run of the feed is under way.*Begin this one when/s),
    });
  });

  test("of a process that was killed is waited for as long as the database holds its session", async () => {
    // Prepare
    objects.put("a.csv", csvOf(reading("m1")));
    const killed = await open();
    const { runId } = await plan(killed, { contract: readings, objects, attended: true });
    const notes: string[] = [];
    const patience = { waitMs: 60_000, onWait: (text: string) => notes.push(text) };

    // Act
    const next = run(first(), { contract: readings, objects, patience });
    setTimeout(() => void killed.close(), 1_200);

    // Assess
    expect(await next).toMatchObject({ inserted: 1 });
    expect(notes).toEqual([expect.stringContaining(`The run ${runId} of readings has not ended`)]);
  });
});
