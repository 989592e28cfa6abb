import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Feed } from "../../../../../etl/core/contract/contract";
import type { Database } from "../../../../../etl/core/database/database";
import { LiveDatabase } from "../../../../../etl/core/database/live-database";
import { migrate } from "../../../../../etl/core/database/migrate";
import { summariseFeed } from "../../../../../etl/feeds/ledger/summarise";
import { type FeedTables, feedMigrations } from "../../../../../etl/feeds/ledger/tables";
import { failRun } from "../../../../../etl/feeds/plan/plan";
import {
  csvOf,
  endLeases,
  type FeedRun,
  forget,
  HEADER,
  load,
  NotBegunError,
  plan,
  reading,
  readings,
  run,
} from "../../../models/feeds/feed-run";

const BAD = reading("m9", { day: "2023-02-29" });

import { describeFeed } from "../describe-feed";

/** What became of a run that died, or failed on the way, is told by the next one. */
export function describeUnendedRuns(engine: string, open: () => Promise<Database<FeedTables>>): void {
  describeFeed(`a feed on ${engine}, after a run that did not end`, open, ({ database, objects }) => {
    const bearing = (maxRejected: Feed["maxRejected"]): Feed => ({ ...readings, maxRejected });
    const options = (changes: Partial<FeedRun> = {}): FeedRun => {
      return { contract: bearing({ rows: 10 }), objects, chunkBytes: 1024, attended: true, ...changes };
    };
    const runs = () =>
      database.db
        .selectFrom("etl_run")
        .select(["id", "pipeline", "status", "rejected", "error"])
        .orderBy("started")
        .execute();

    /** Plans a run, loads so many of its chunks, and leaves it there, as a killed process does. */
    async function die(chunks: number, changes: Partial<FeedRun> = {}) {
      const planned = await plan(database, options(changes));
      for (const chunk of planned.list.slice(0, chunks)) await load(database, planned, chunk, options(changes));
      return planned;
    }

    test("it is marked as dead, and what it rejected is counted though nothing is read again", async () => {
      // Prepare
      objects.put("a.csv", csvOf(reading("m1"), BAD));
      const dead = await die(1);

      // Act
      const summary = await run(database, options());

      // Assess
      const called = { pipeline: readings.name };
      expect(summary).toMatchObject({ takenOver: 1, chunks: 1, objects: 1, rows: 2, inserted: 1, rejected: 1 });
      expect(summary.text).toBe("There were 1 inserts and 0 updates; 1 chunk was loaded by runs that did not end");
      expect(await runs()).toEqual([
        {
          ...called,
          id: dead.runId,
          status: "failed",
          rejected: null,
          error: expect.stringContaining("died before it ended"),
        },
        { ...called, id: summary.runId, status: "succeeded", rejected: 1, error: null },
      ]);
      const { warnings } = await database.db
        .selectFrom("etl_run")
        .select("warnings")
        .where("id", "=", summary.runId)
        .executeTakeFirstOrThrow();
      expect(warnings).toEqual([expect.stringMatching(`${dead.runId} did not end; 1 chunk .* with 1 rejected row$`)]);
      expect(await run(database, options())).toMatchObject({ chunks: 0, takenOver: 0, rejected: 0 });
    });

    test("what it rejected is held against the limit of its object, which is not read again until it is corrected", async () => {
      objects.put("a.csv", csvOf(reading("m1"), BAD));
      objects.put("b.csv", csvOf(reading("m2")));
      await die(1);
      const strict = options({ contract: bearing({ rows: 0 }) });

      await expect(run(database, strict)).rejects.toThrow(
        /^1 object was rejected, .*: got memory:a\.csv: .* got 1 of 2, expected at most 0.*The first one: day: got "2023-02-29"/s,
      );
      expect(await run(database, strict)).toMatchObject({ chunks: 0, warnings: [expect.stringContaining("a.csv")] });
      objects.put("a.csv", csvOf(reading("m1"), reading("m9")));
      const mended = await run(database, strict);

      expect(mended).toMatchObject({ takenOver: 0, rows: 2, inserted: 1, unchanged: 1, rejected: 0 });
    });

    test("a share is of all loaded rows of an object, not only of the chunks with rejected rows", async () => {
      const many = Array.from({ length: 40 }, (_, index) => reading(`m${index}`));
      objects.put("a.csv", csvOf(BAD, ...many));
      const share = options({ contract: bearing({ percent: 5 }), chunkBytes: 128 });
      await die(1, share);

      expect(await run(database, share)).toMatchObject({ takenOver: 1, rows: 41, rejected: 1 });
    });

    test("an object that was corrected since is not counted", async () => {
      objects.put("a.csv", csvOf(reading("m1"), BAD));
      await die(1);
      objects.put("a.csv", csvOf(reading("m1"), reading("m9")));

      const summary = await run(database, options({ contract: bearing({ rows: 0 }) }));

      expect(summary).toMatchObject({ takenOver: 0, rows: 2, rejected: 0 });
    });

    test("several that died one after the other are counted together, each chunk once", async () => {
      for (const name of ["a", "b", "c"]) objects.put(`${name}.csv`, csvOf(reading(name), BAD));
      await die(1);
      await die(1);

      const summary = await run(database, options());

      expect(summary).toMatchObject({ takenOver: 2, chunks: 3, rows: 6, rejected: 3 });
      expect((await runs()).map(({ status }) => status)).toEqual(["failed", "failed", "succeeded"]);
    });

    test("one that failed on the way is counted likewise", async () => {
      objects.put("a.csv", csvOf(reading("m1"), BAD));
      const { runId } = await die(1);
      await failRun(new LiveDatabase(database), runId, new Error("a worker died"));

      expect(await run(database, options())).toMatchObject({ takenOver: 1, rows: 2, rejected: 1 });
    });

    test("what a full run reads again is its own, and counted once", async () => {
      objects.put("a.csv", csvOf(reading("m1"), BAD));
      await die(1);

      const full = await run(database, options({ full: true }));
      const next = await run(database, options());

      expect(full).toMatchObject({ takenOver: 0, rows: 2, unchanged: 1, rejected: 1 });
      expect(next).toMatchObject({ takenOver: 0, chunks: 0, rejected: 0 });
    });

    test("what a full run of an earlier version read again is its own, too, though it marked nothing as lost", async () => {
      objects.put("a.csv", csvOf(reading("m1"), BAD));
      const dead = await die(1);
      await run(database, options({ full: true }));
      await database.db.updateTable("import_chunk").set({ lost: false }).where("run", "=", dead.runId).execute();

      expect(await run(database, options())).toMatchObject({ takenOver: 0, chunks: 0, rejected: 0 });
    });

    test("what a full run has loaded stays so when another call of it, which began at the same time, lists later", async () => {
      // Prepare
      objects.put("a.csv", csvOf(reading("m1"), BAD));
      const full = options({ full: true, runId: randomUUID() });
      const planned = await plan(database, full);
      for (const chunk of planned.list) await load(database, planned, chunk, full);

      // Act: the other call has read the ledger before the plan was kept.
      await database.db.updateTable("import_run").set({ planned: false }).execute();
      await plan(database, full);
      const summary = await summariseFeed(new LiveDatabase(database), full.contract, planned.runId);

      // Assess
      expect(summary).toMatchObject({ rows: 2, rejected: 1 });
      expect(await run(database, options())).toMatchObject({ chunks: 0, takenOver: 0 });
    });

    test("a chunk that it refused is not counted: nothing of it was loaded", async () => {
      objects.put("a.csv", csvOf(reading("m1"), BAD));
      const strict = options({ contract: bearing({ rows: 0 }) });
      await die(1, strict);

      const next = await run(database, strict);

      expect(next).toMatchObject({ takenOver: 0, chunks: 0, rejected: 0 });
      expect(next.warnings).toEqual([expect.stringMatching(/^1 object was left out.*a\.csv/)]);
    });

    test("one that no process attends, as on AWS, is over when its lease is", async () => {
      objects.put("a.csv", csvOf(reading("m1"), BAD));
      objects.put("b.csv", csvOf(reading("m2")));
      const silent = await die(1, { attended: false });

      await expect(run(database, options())).rejects.toThrow(NotBegunError);
      await endLeases(database);
      const later = await run(database, options());

      expect(later).toMatchObject({ takenOver: 1, rows: 3, rejected: 1 });
      const [first] = await runs();
      expect(first).toMatchObject({ id: silent.runId, status: "failed" });
    });

    /** A ledger as the version before left it: a run that had ended, and one that died; each loaded a chunk of one bad row. */
    async function leaveAsBefore() {
      const { "001-import-ledger": before } = feedMigrations;
      if (before === undefined) throw new Error("the first migration is gone");
      await forget(database, readings);
      await migrate(database.db, "import", { "001-import-ledger": before });
      const [done, dead] = ["00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"];
      await sql`insert into etl_run (id, pipeline, status, started) values
        (${done}, 'import', 'succeeded', now() - interval '2 days'),
        (${dead}, 'import', 'running', now() - interval '1 day')`.execute(database.db);
      await sql`insert into import_run (run, contract, source, objects, chunks, bytes, skipped)
        select id, 'readings', 'memory:', 1, 1, 1, 0 from etl_run`.execute(database.db);
      for (const [run, key] of [[done, "done.csv"] as const, [dead, "dead.csv"] as const]) {
        const { etag, lastModified, bytes } = objects.put(key, csvOf(BAD));
        await sql`with object as (
            insert into import_object (target, location, etag, last_modified, bytes)
            values ('readings', ${objects.locate(key)}, ${etag}, ${lastModified}, ${bytes}) returning id
          ) insert into import_chunk (run, object, first, past, rows, rejected, finished)
          select ${run}::uuid, id, 0, ${bytes}::bigint, 1, 1, now() - interval '1 day' from object`.execute(
          database.db,
        );
        await sql`insert into rejected_row (run, source, byte_offset, reason, raw)
          values (${run}, ${objects.locate(key)}, ${HEADER.length + 1}, 'day: as it was', ${BAD})`.execute(database.db);
      }
      return { done, dead };
    }

    test("one of the version before is counted, too, with the rejected rows that it kept; those that had ended are not", async () => {
      const { dead } = await leaveAsBefore();

      const summary = await run(database, options());

      expect(summary).toMatchObject({ takenOver: 1, rows: 1, rejected: 1 });
      expect((await runs()).map(({ pipeline, status }) => `${status} ${pipeline}`)).toEqual([
        "succeeded readings",
        "failed readings",
        "succeeded readings",
      ]);
      const { rows } = await sql`select r.run, r.raw from import_chunk c join import_object o on o.id = c.object
        join rejected_row r on r.source = o.location and r.run = c.run where c.counted_in = ${summary.runId}`.execute(
        database.db,
      );
      expect(rows).toEqual([{ run: dead, raw: BAD }]);
    });

    test("what one of the version before rejected is held against the limit, and named as it was kept", async () => {
      await leaveAsBefore();
      const strict = options({ contract: bearing({ rows: 0 }) });

      await expect(run(database, strict)).rejects.toThrow(
        /got memory:dead\.csv: .*rejected, .*: got 1 of 1, .*byte 42.*The first one: day: as it was/s,
      );
      objects.put("dead.csv", csvOf(reading("m9")));
      const mended = await run(database, strict);

      expect(mended).toMatchObject({ takenOver: 0, rows: 1, inserted: 1, rejected: 0 });
      expect((await runs()).map(({ status }) => status)).toEqual(["succeeded", "failed", "failed", "succeeded"]);
      const kept = await database.db.selectFrom("rejected_row").selectAll().execute();
      expect(kept).toHaveLength(2);
    });
  });
}
