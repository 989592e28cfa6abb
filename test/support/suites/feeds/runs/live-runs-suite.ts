import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Database } from "../../../../../etl/core/database/database";
import { LiveDatabase } from "../../../../../etl/core/database/live-database";
import { migrate } from "../../../../../etl/core/database/migrate";
import { ChunksMissingError } from "../../../../../etl/core/errors";
import { startRun } from "../../../../../etl/core/runs/runs";
import { summariseFeed } from "../../../../../etl/feeds/ledger/summarise";
import { type FeedTables, feedMigrations } from "../../../../../etl/feeds/ledger/tables";
import { MemoryLists } from "../../../../../etl/feeds/plan/memory-lists";
import { failRun } from "../../../../../etl/feeds/plan/plan";
import { endFailedRun } from "../../../../../etl/feeds/run/end-failed-run";
import { MemoryRangedObjects } from "../../../fakes/memory-ranged-objects";
import {
  csvOf,
  endLeases,
  type FeedRun,
  forget,
  load,
  NotBegunError,
  type PlannedRun,
  plan,
  reading,
  readings,
  readTable,
  run,
} from "../../../models/feeds/feed-run";
import { describeFeed } from "../describe-feed";
import { testReplays } from "./replayed-objects-suite";
import { endSoon, minutesAlive, testLeases } from "./run-leases-suite";

/** There is one run of a feed at a time, and no object is forgotten because of that. No process attends the runs, as on AWS. */
export function describeLiveRuns(engine: string, open: () => Promise<Database<FeedTables>>): void {
  describeFeed(`a run that is under way, on ${engine}`, open, ({ database, objects }) => {
    beforeEach(() => {
      objects.put("a.csv", csvOf(reading("m1")));
    });

    const options = (changes: Partial<FeedRun> = {}): FeedRun => ({ contract: readings, objects, ...changes });
    const again = () => options({ again: true });
    const sum = (runId: string) => summariseFeed(new LiveDatabase(database), readings, runId);
    /** Loads what is left of a run, and ends it. */
    const end = async ({ runId, list }: PlannedRun) => {
      for (const chunk of list) await load(database, { runId }, chunk, options());
      return sum(runId);
    };
    const runs = async () => {
      const found = await database.db.selectFrom("etl_run").select(["id", "status"]).orderBy("started").execute();
      return found.map(({ id, status }) => [id, status]);
    };
    const statuses = async () => (await runs()).map(([, status]) => status ?? "");

    test("is named to a start meanwhile, and reports that start at its end", async () => {
      // Prepare
      const alive = await plan(database, options());
      objects.put("b.csv", csvOf(reading("m2")));

      // Act
      const meanwhile = await plan(database, options()).catch((error: unknown) => error);
      const first = await end(alive);
      const second = await run(database, again());
      const third = await run(database, again()).catch((error: unknown) => error);

      // Assess
      expect(meanwhile).toMatchObject({ message: expect.stringContaining(`The run ${alive.runId} of readings`) });
      expect(first).toMatchObject({ inserted: 1, again: true });
      expect(second).toMatchObject({ inserted: 1, again: false });
      expect(third).toMatchObject({ message: expect.stringContaining("No run of readings was requested") });
      expect(await statuses()).toEqual(["succeeded", "succeeded"]);
    });

    test("begins once it may, not when it began to wait for that: it never overlaps the run before it", async () => {
      await end(await plan(database, options()));
      const waiting = randomUUID();

      const { rows } = await database.db.transaction().execute(async (trx) => {
        await sql`select pg_sleep(0.01), now()`.execute(trx);
        await startRun<FeedTables>(trx, waiting, "readings");
        return sql<{ later: boolean }>`select started > now() as later from etl_run where id = ${waiting}`.execute(trx);
      });

      expect(rows).toEqual([{ later: true }]);
    });

    test.each(["succeeds", "fails"])("that %s without a request behind it has no other after it", async (how) => {
      const planned = await plan(database, options());
      if (how === "fails") await failRun(new LiveDatabase(database), planned.runId, new Error("a chunk failed"));
      else expect(await end(planned)).toMatchObject({ again: false });

      await expect(plan(database, again())).rejects.toThrow(NotBegunError);
    });

    test("that failed says once that another run left its work to it, for any cause", async () => {
      // Prepare
      const { runId } = await plan(database, options());
      await plan(database, options()).catch(() => undefined);
      const ends = () => endFailedRun(new LiveDatabase(database), readings, runId, "Sandbox.Timedout");

      // Act
      const said = [await ends(), await ends()];

      // Assess: what fails before it lists is not begun again and again.
      expect(said).toEqual([true, false]);
      expect(await runs()).toEqual([[runId, "failed"]]);
      expect(await run(database, options())).toMatchObject({ inserted: 1, again: false });
    });

    test("that failed by its objects says so, too", async () => {
      objects.put("broken.csv", "no,columns\n1,2\n");
      const planned = await plan(database, options());
      await plan(database, options()).catch(() => undefined);
      await expect(end(planned)).rejects.toThrow(/1 object was rejected/);

      expect(await endFailedRun(new LiveDatabase(database), readings, planned.runId, "rejected")).toBe(true);
    });

    test("that failed owes nothing to a start that waits for another one, nor without a start", async () => {
      // Prepare
      const dead = await plan(database, options());
      await endLeases(database);
      const alive = await plan(database, options());
      await plan(database, options()).catch(() => undefined);
      const ends = (run: string) => endFailedRun(new LiveDatabase(database), readings, run, "it failed");

      // Act
      const said = [await ends(dead.runId), await ends(randomUUID())];

      // Assess
      expect(said).toEqual([false, false]);
      expect(await end(alive)).toMatchObject({ again: true });
      expect(await run(database, again())).toMatchObject({ again: false });
      expect(await ends(alive.runId)).toBe(false);
    });

    test("whose chunks were not all loaded fails at its end, keeps the loaded ones, and leaves the others to the next run", async () => {
      // Prepare
      objects.put("b.csv", csvOf(reading("m2")));
      const { runId, list } = await plan(database, options());
      for (const chunk of list.slice(1)) await load(database, { runId }, chunk, options());

      // Act
      const failed = await sum(runId).catch((error: unknown) => error);
      const next = await run(database, options());

      // Assess
      expect(failed).toBeInstanceOf(ChunksMissingError);
      expect(failed).toMatchObject({
        message: expect.stringMatching(/^1 of 2 chunks were not loaded, all others are\. .*There were 1 inserts/),
      });
      expect(await runs()).toEqual([
        [runId, "failed"],
        [next.runId, "succeeded"],
      ]);
      expect(next).toMatchObject({ chunks: 1, inserted: 1, takenOver: 0 });
    });

    test("that fails leaves what was requested to the next one", async () => {
      const { runId } = await plan(database, options());
      await plan(database, options()).catch(() => undefined);
      await failRun(new LiveDatabase(database), runId, new Error("a chunk failed"));

      expect(await run(database, again())).toMatchObject({ inserted: 1, again: false });
    });

    test("serves the starts before its listing, and no other run is needed for them", async () => {
      const silent = await plan(database, options());
      await plan(database, options()).catch(() => undefined);
      await endLeases(database);

      expect(await run(database, options())).toMatchObject({ inserted: 1, again: false });
      await expect(plan(database, again())).rejects.toThrow(NotBegunError);
      expect(await end(silent)).toMatchObject({ again: false });
    });

    test.each<[string, Partial<FeedRun>, RegExp]>([
      ["loads all again", { full: true }, /expected none, as loaded objects are to be loaded again/],
      ["loads one again", { replay: ["a.csv"] }, /expected none, as loaded objects are to be loaded again/],
      ["loads others of the same place", { include: ["b*"] }, /expected one of the same objects of memory:/],
      [
        "loads other objects",
        { objects: new MemoryRangedObjects({ name: "other:" }) },
        /expected one of the same objects of other:/,
      ],
    ])("is no reason to end well for one that %s", async (_, changes, reason) => {
      const alive = await plan(database, options());

      const refused = await plan(database, options(changes)).catch((error: Error) => error.message);

      expect(refused).toMatch(reason);
      expect(refused).toMatch(new RegExp(`got The run ${alive.runId} .*, of memory:.*counts as over at 20`));
      expect(await end(alive)).toMatchObject({ again: false });
    });

    test("of another feed is no obstacle", async () => {
      await plan(database, options({ contract: { ...readings, name: "others" } }));

      expect(await run(database, options())).toMatchObject({ inserted: 1 });
    });

    testLeases({ database, objects, options });

    test("and was taken for dead loses nothing, nor does the one after it", async () => {
      // Prepare
      for (const name of ["b", "c"])
        objects.put(`${name}.csv`, csvOf(reading(`m${name}`), reading("m1", { value: "9.00" })));
      const slow = await plan(database, options());
      const [chunk, ...rest] = slow.list;
      if (chunk === undefined) throw new Error("no chunk");
      await load(database, slow, chunk, options());
      await endLeases(database);

      // Act
      const next = await plan(database, options());
      for (const [index, item] of rest.entries()) {
        await load(database, index % 2 === 0 ? slow : next, item, options());
        await load(database, index % 2 === 0 ? next : slow, item, options());
      }
      const ends = [await sum(slow.runId), await sum(next.runId)];

      // Assess
      expect(next.list).toEqual(rest);
      expect(ends.reduce((sum, { inserted }) => sum + inserted, 0)).toBeGreaterThanOrEqual(3);
      const stored = (await readTable(database, readings)).map((text) => JSON.parse(text));
      expect(stored.map(({ meter, value }) => [meter, value])).toEqual([
        ["m1", 9],
        ["mb", 1],
        ["mc", 1],
      ]);
      expect(await statuses()).toEqual(["succeeded", "succeeded"]);
      const errors = await database.db.selectFrom("etl_run").select("error").execute();
      expect(errors).toEqual([{ error: null }, { error: null }]);
      expect(await run(database, options())).toMatchObject({ chunks: 0 });
    });

    test("is continued by a call with its id, whether it had failed or not", async () => {
      const named = options({ runId: randomUUID(), manifests: new MemoryLists() });
      const { runId, list } = await plan(database, named);
      objects.put("b.csv", csvOf(reading("m2")));
      await endSoon(database);
      const second = await plan(database, named);
      expect(await minutesAlive(database, runId)).toBeGreaterThan(19);
      await failRun(new LiveDatabase(database), runId, new Error("out of time"));
      const third = await plan(database, named);
      await sql`update import_run set planned = false`.execute(database.db);
      const diedInListing = await plan(database, named);

      expect([second.list, third.list]).toEqual([list, list]);
      expect(diedInListing.list).toHaveLength(2);
      expect(await runs()).toEqual([[runId, "running"]]);
    });

    testReplays({ database, objects, options, end, statuses });

    /** A ledger of the version before, with a run that nobody attends and that loaded its last chunk so long ago. */
    async function leaveAsBefore(ago: string): Promise<void> {
      await forget(database, readings);
      const before = Object.entries(feedMigrations).filter(([name]) => name < "006");
      await migrate(database.db, "import", Object.fromEntries(before));
      const id = randomUUID();
      await sql`insert into etl_run (id, pipeline, status, started)
        values (${id}, 'import', 'running', now() - interval '1 day')`.execute(database.db);
      await sql`insert into import_run (run, contract, source, objects, chunks, bytes, skipped)
        values (${id}, 'readings', 'memory:', 1, 1, 1, 0)`.execute(database.db);
      await sql`with object as (insert into import_object (target, location, etag, last_modified, bytes)
          values ('readings', 'memory:old', 'old', now(), 1) returning id)
        insert into import_chunk (run, object, first, past, finished)
        select ${id}::uuid, id, 0, 1, now() - ${ago}::interval from object`.execute(database.db);
    }

    test("of the version before, which loaded a chunk within the hour, is under way", async () => {
      await leaveAsBefore("59 minutes");
      await expect(run(database, options())).rejects.toThrow(/of readings is under way/);
    });

    test("of the version before, which was silent for an hour, is dead", async () => {
      await leaveAsBefore("61 minutes");
      expect(await run(database, options())).toMatchObject({ inserted: 1 });
    });
  });
}
