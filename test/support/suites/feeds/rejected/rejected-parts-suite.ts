import { Rejections } from "../../../../../etl/core/csv/rejections";
import type { Database } from "../../../../../etl/core/database/database";
import { LiveDatabase } from "../../../../../etl/core/database/live-database";
import { SourceError } from "../../../../../etl/core/errors";
import { summariseFeed } from "../../../../../etl/feeds/ledger/summarise";
import type { FeedTables } from "../../../../../etl/feeds/ledger/tables";
import { keepRefusal } from "../../../../../etl/feeds/load/refusal";
import { failRun } from "../../../../../etl/feeds/plan/plan";
import {
  csvOf,
  endLeases,
  type FeedRun,
  load,
  plan,
  reading,
  readings,
  readTable,
  run,
} from "../../../models/feeds/feed-run";
import { describeFeed } from "../describe-feed";

const BAD = reading("m9", { day: "2023-02-29" });

/** What parts of one object have to do with each other, when some of them are refused. */
export function describeRejectedParts(engine: string, open: () => Promise<Database<FeedTables>>): void {
  describeFeed(`a feed on ${engine}, with an object whose parts are refused`, open, ({ database, objects }) => {
    const options = (changes: Partial<FeedRun> = {}): FeedRun => ({ contract: readings, objects, ...changes });
    const marks = () => {
      return database.db.selectFrom("import_object").select(["rejected_reason", "rejected_since"]).execute();
    };

    test("of two parts that cannot be read the first is the reason, which stays", async () => {
      const quoted = (meter: string) => reading(meter, { note: '"half' });
      objects.put("a.csv", csvOf(quoted("m1"), reading("m2"), quoted("m3")));
      const strict = options({ chunkBytes: 60 });
      const planned = await plan(database, strict);
      const [first, ...others] = planned.list;
      if (first === undefined || others.length === 0) throw new Error("it is not cut");

      await load(database, planned, first, strict);
      const before = await marks();
      for (const chunk of others) await load(database, planned, chunk, strict);

      expect(before).toEqual([expect.objectContaining({ rejected_reason: expect.stringContaining("m1,") })]);
      expect(await marks()).toEqual(before);
      const refused = await database.db
        .selectFrom("import_chunk")
        .where("refused", "is not", null)
        .selectAll()
        .execute();
      expect(refused).toHaveLength(2);
    });

    test("a share is not held against an object of which parts are left to load", async () => {
      // Prepare
      objects.put("a.csv", csvOf(BAD, ...Array.from({ length: 8 }, (_, at) => reading(`m${at}`))));
      const share = options({ contract: { ...readings, maxRejected: { percent: 50 } }, chunkBytes: 60 });
      const planned = await plan(database, share);
      const [first] = planned.list;
      if (first === undefined) throw new Error("no chunk");
      const counts = await load(database, planned, first, share);

      // Act
      const ended = summariseFeed(new LiveDatabase(database), share.contract, planned.runId);

      // Assess
      expect(counts).toMatchObject({ rows: 1, rejected: 1 });
      await expect(ended).rejects.toThrow(/chunks were not loaded, all others are/);
      expect(await marks()).toEqual([{ rejected_reason: null, rejected_since: null }]);
      expect(await run(database, share)).toMatchObject({ inserted: 8, warnings: [] });
    });

    test("what is rejected is not read again by its own run, though that would take it now", async () => {
      objects.put("a.csv", csvOf(reading("m1"), BAD));
      const planned = await plan(database, options());
      const [chunk] = planned.list;
      if (chunk === undefined) throw new Error("no chunk");

      const bearing = options({ contract: { ...readings, maxRejected: { rows: 1 } } });

      const refused = await load(database, planned, chunk, options());
      const again = await load(database, planned, chunk, bearing);
      await failRun(new LiveDatabase(database), planned.runId, new Error("a worker died"));
      await plan(database, options({ runId: planned.runId }));
      const revived = await load(database, planned, chunk, bearing);

      expect(refused).toMatchObject({ rows: 1, rejected: 1, inserted: 0 });
      expect([again, revived]).toEqual([refused, refused]);
      expect(await readTable(database, readings)).toEqual([]);
    });

    test("parts that are read again with the whole are not held against the limit, too", async () => {
      // Prepare: a run that died has loaded the first part.
      const bearing = { ...readings, maxRejected: { rows: 1 } };
      objects.put("a.csv", csvOf(BAD, reading("m1"), reading("m2")));
      const parts = options({ contract: bearing, chunkBytes: 60 });
      const planned = await plan(database, parts);
      const [first] = planned.list;
      if (first === undefined) throw new Error("no chunk");
      await load(database, planned, first, parts);
      await endLeases(database);

      // Act: this contract's objects are not cut.
      const whole = await run(database, options({ contract: { ...bearing, quotedLineBreaks: true } }));

      // Assess
      expect(whole).toMatchObject({ takenOver: 1, inserted: 2 });
      expect(await marks()).toEqual([{ rejected_reason: null, rejected_since: null }]);
    });

    test("an earlier version with no good row left nothing to stay", async () => {
      objects.put("a.csv", csvOf(BAD));
      await run(database, options({ contract: { ...readings, maxRejected: { rows: 1 } } }));
      objects.put("a.csv", csvOf(reading("m1"), BAD));

      const message = await run(database, options()).then(String, (error: Error) => error.message);

      expect(message).toContain("nothing of the object was loaded");
      expect(message).not.toContain("stays");
    });

    test("a refusal does not replace what another worker has loaded meanwhile", async () => {
      objects.put("a.csv", csvOf(reading("m1")));
      const planned = await plan(database, options());
      const [chunk] = planned.list;
      if (chunk === undefined) throw new Error("no chunk");
      const loaded = await load(database, planned, chunk, options());

      const refusal = { error: new SourceError("archived"), isForGood: false };
      const late = { runId: planned.runId, chunk, contract: readings };
      const kept = await keepRefusal(new LiveDatabase(database), late, refusal, new Rejections());

      expect(kept).toEqual(loaded);
      expect(await summariseFeed(new LiveDatabase(database), readings, planned.runId)).toMatchObject({ inserted: 1 });
      expect(await run(database, options())).toMatchObject({ chunks: 0 });
    });
  });
}
