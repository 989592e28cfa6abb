import * as fc from "fast-check";
import { sql } from "kysely";
import type { Feed } from "../../../../../etl/core/contract/contract";
import type { Database } from "../../../../../etl/core/database/database";
import { LiveDatabase } from "../../../../../etl/core/database/live-database";
import { SourceError } from "../../../../../etl/core/errors";
import type { RangedObjects } from "../../../../../etl/core/objects/objects";
import { summariseFeed } from "../../../../../etl/feeds/ledger/summarise";
import type { FeedTables } from "../../../../../etl/feeds/ledger/tables";
import { readTablePage } from "../../../../../etl/report/table/read-table-page";
import { MemoryRangedObjects } from "../../../fakes/memory-ranged-objects";
import { docsSql } from "../../../files/docs-sql";
import { emptyLedger } from "../../../models/empty-ledger";
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
import { returnLedger } from "../../../models/feeds/older-ledger";
import { describeFeed } from "../describe-feed";

const BAD = reading("m9", { day: "2023-02-29" });

/** One bad object never keeps the others out, and is not read again and again. */
export function describeRejectedObjects(engine: string, open: () => Promise<Database<FeedTables>>): void {
  describeFeed(`a feed on ${engine}, with an object that is rejected`, open, ({ database, objects }) => {
    const bearing = (maxRejected: Feed["maxRejected"]): Feed => ({ ...readings, maxRejected });
    const options = (changes: Partial<FeedRun> = {}): FeedRun => {
      return { contract: readings, objects, chunkBytes: 65_536, ...changes };
    };
    const error = (changes: Partial<FeedRun> = {}): Promise<Error> =>
      run(database, options(changes)).then(
        () => Promise.reject(new Error("the run succeeded")),
        (reason) => reason,
      );
    const meters = async () => (await readTable(database, readings)).map((row) => JSON.parse(row).meter);
    const marked = async () => {
      const rejected = database.db.selectFrom("import_object").where("rejected_since", "is not", null);
      return (await rejected.select("location").orderBy("location").execute()).map(({ location }) => location);
    };
    const kept = async () => (await database.db.selectFrom("rejected_row").selectAll().execute()).length;

    test("one of one chunk is rolled back whole, the others stay, and each run names it until it is corrected", async () => {
      // Prepare
      objects.put("a.csv", csvOf(reading("m1"), BAD));
      objects.put("b.csv", csvOf(reading("m2")));

      // Act
      const failed = await error();
      const [after, rows] = [await meters(), await kept()];
      const next = await run(database, options());
      objects.put("c.csv", csvOf(reading("m3")));
      const later = await run(database, options());
      objects.put("a.csv", csvOf(reading("m1"), reading("m9")));
      const corrected = await run(database, options());

      // Assess
      expect(failed.message).toMatch(
        /^1 object was rejected, all others are loaded: got memory:a\.csv: Too many rows .*The first one: day: got "2023-02-29".* There were 1 inserts and 0 updates$/,
      );
      expect([after, rows]).toEqual([["m2"], 1]);
      for (const { warnings } of [next, later]) {
        expect(warnings).toEqual([
          expect.stringMatching(
            /^1 object was left out.*: memory:a\.csv: Too many .* or by --full \(on AWS \{"full": true\}\)$/,
          ),
        ]);
      }
      expect([next, later].map((summary) => summary.rows)).toEqual([0, 1]);
      expect(corrected).toMatchObject({ rows: 2, inserted: 2, warnings: [] });
      const runs = await database.db.selectFrom("etl_run").select(["status", "inserted"]).orderBy("started").execute();
      expect(runs.map(({ status }) => status).join()).toBe("failed,succeeded,succeeded,succeeded");
      expect(runs[0]).toEqual({ status: "failed", inserted: 1 });
    });

    test.each<[string, Partial<FeedRun>]>([
      ["the contract bears more", { contract: bearing({ percent: 50 }) }],
      [
        "the contract is another one",
        { contract: { ...readings, columns: { ...readings.columns, day: { type: "text" } } } },
      ],
      ["all is read again", { full: true, contract: bearing({ rows: 1 }) }],
    ])("it is read again where %s", async (what, changes) => {
      objects.put("a.csv", csvOf(reading("m1"), BAD));
      await error();
      if (what.includes("another")) await sql`alter table readings alter day type text`.execute(database.db);

      const summary = await run(database, options(changes));

      expect(summary).toMatchObject({ rows: 2, warnings: [] });
      expect(await meters()).toContain("m1");
      expect(await marked()).toEqual([]);
      expect(await run(database, options({ ...changes, full: false }))).toMatchObject({ chunks: 0, warnings: [] });
    });

    test("of one that is cut the good rows stay, and all that its chunks rejected counts, whichever run loaded them", async () => {
      objects.put("a.csv", csvOf(BAD, ...Array.from({ length: 8 }, (_, at) => reading(`m${at}`)), BAD));
      const strict = options({ contract: bearing({ rows: 1 }), chunkBytes: 100 });
      const planned = await plan(database, strict);
      for (const chunk of planned.list.slice(0, 2)) await load(database, planned, chunk, strict);
      await endLeases(database);

      const failed = await error(strict);

      expect(failed.message).toMatch(
        /the others were loaded: got 2 of 10, expected at most 1 \(memory:a\.csv, byte 42\)/,
      );
      expect(failed.message).not.toContain("stays");
      expect(await meters()).toEqual(["m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7"]);
      expect(await run(database, strict)).toMatchObject({ chunks: 0, warnings: [expect.stringContaining("a.csv")] });
    });

    test("which objects are rejected does not depend on their chunks", async () => {
      const limits = fc.oneof(
        fc.nat(4).map((rows) => ({ rows })),
        fc.nat(60).map((percent) => ({ percent })),
      );
      const bodies = fc.array(fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 3 });
      await fc.assert(
        fc.asyncProperty(bodies, limits, fc.integer({ min: 20, max: 400 }), async (given, maxRejected, chunkBytes) => {
          await emptyLedger(database, readings);
          objects.clear();
          given.forEach((rows, at) => {
            objects.put(`${at}`, csvOf(...rows.map((good, row) => (good ? reading(`m${at}-${row}`) : BAD))));
          });
          await run(database, options({ contract: bearing(maxRejected), chunkBytes })).catch(() => undefined);

          const expected = given.flatMap((rows, at) => {
            const rejected = rows.filter((good) => !good).length;
            const isOver =
              "rows" in maxRejected ? rejected > maxRejected.rows : rejected * 100 > maxRejected.percent * rows.length;
            return isOver ? [`memory:${at}`] : [];
          });
          expect(await marked()).toEqual(expected);
        }),
        { numRuns: 12 },
      );
    });

    test.each([
      ["has not the columns", "meter,at\nm1,2026-01-01\n", /has no column value/],
      ["is no text", Buffer.from([0xff, 0xfe, 0x00, 0xd8]), /memory:a\.csv/],
      ["is packed and damaged", Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3]), /cannot be unpacked/],
    ])("one that %s is rejected likewise", async (_what, body, reason) => {
      objects.put("a.csv", body);
      objects.put("b.csv", csvOf(reading("m2")));

      expect((await error()).message).toMatch(reason);
      expect(await meters()).toEqual(["m2"]);
      expect(await run(database, options())).toMatchObject({ chunks: 0, warnings: [expect.stringMatching(reason)] });
    });

    test("a part that cannot be read does not keep the other parts out, and each message says what stays", async () => {
      const quoted = reading("m5", { note: '"half' });
      objects.put("a.csv", csvOf(...[1, 2, 3].map((at) => reading(`m${at}`)), quoted, reading("m6")));

      const failed = await error({ chunkBytes: 60 });
      const there = await meters();
      const { warnings } = await run(database, options({ chunkBytes: 60 }));

      expect(there).toEqual(expect.arrayContaining(["m1", "m2"]));
      const stays = `. ${there.length} rows of its other parts are loaded, and stay. `;
      expect(failed.message).toMatch(/^1 object was rejected.*hold a line break/);
      expect(failed.message).toContain(stays);
      expect(warnings).toEqual([expect.stringContaining(stays)]);
    });

    test("what was loaded of an object before stays where a new version of it is rejected, and the message says so", async () => {
      objects.put("a.csv", csvOf(reading("m1")));
      await run(database, options());
      objects.put("a.csv", csvOf(reading("m1", { value: "2" }), BAD));

      const { message } = await error();

      expect(message).toMatch(/nothing of the object was loaded: .*\. What was loaded of it before stays\. /);
      expect(await meters()).toEqual(["m1"]);
    });

    test("the statements of docs/feeds.md and the page show what is rejected of objects as they are now", async () => {
      // Prepare: one rejected and corrected, one borne and corrected, one borne, one rejected.
      const lenient = options({ contract: bearing({ rows: 1 }) });
      objects.put("corrected.csv", csvOf(BAD, BAD));
      objects.put("borne-once.csv", csvOf(reading("m1"), BAD));
      objects.put("borne.csv", csvOf(reading("m2"), BAD));
      objects.put("rejected.csv", csvOf(BAD, BAD, BAD));
      await error(lenient);
      objects.put("corrected.csv", csvOf(reading("m3")));
      objects.put("borne-once.csv", csvOf(reading("m1")));
      await run(database, lenient);
      await run(database, { ...lenient, full: true }).catch(() => undefined);

      // Act
      const ask = async (comment: RegExp) => {
        const [, statement = ""] = [...docsSql("feeds.md")].find(([title]) => comment.test(title)) ?? [];
        return (await sql.raw<Record<string, unknown>>(statement).execute(database.db)).rows;
      };
      const asked = [await ask(/^which objects are rejected/), await ask(/^which rows are rejected/)];
      const { ledger } = await readTablePage(database.db, { pipeline: "readings", table: "readings" });

      // Assess
      const [inObjects, inRows] = asked;
      expect(inObjects?.map(({ location }) => location)).toEqual(["memory:rejected.csv"]);
      const open = ["memory:borne.csv", ...Array(3).fill("memory:rejected.csv")];
      expect(inRows?.map(({ source }) => source).sort()).toEqual(open);
      const shown = ledger !== undefined && "value" in ledger ? ledger.value.rejections : undefined;
      expect(shown?.shown.map(({ source }) => source).sort()).toEqual(open);
      expect(shown?.total).toBe(4);
      for (const statement of docsSql("feeds.md").values()) {
        if (!statement.includes("'…'"))
          await sql
            .raw(statement.replace("sale_id = 1000001", "true").replace("FROM sales", "FROM readings"))
            .execute(database.db);
      }
    });

    test("one that cannot be read now, or whose row the table refuses, is tried again by the next run", async () => {
      // Prepare
      objects.put("a.csv", csvOf(reading("m1")));
      objects.put("b.csv", csvOf(reading("m2", { count: "6" })));
      objects.put("c.csv", csvOf(reading("m3")));
      await run(database, options({ objects: new MemoryRangedObjects() }));
      await sql`alter table readings add constraint few check (count < 5)`.execute(database.db);

      // Act
      const failed = await error({ objects: archived(objects, "a.csv"), chunkBytes: 20 });
      const after = await meters();
      const still = await error();
      await sql`alter table readings drop constraint few`.execute(database.db);
      const summary = await run(database, options());

      // Assess
      expect(failed.message).toMatch(
        /^2 objects were not to be loaded, all others are loaded: got memory:a\.csv: archived.*; memory:b\.csv: .*constraint few/,
      );
      expect(after).toEqual(["m3"]);
      expect(still.message).toMatch(/^1 object was not to be loaded/);
      expect(summary).toMatchObject({ rows: 1, inserted: 1, warnings: [] });
      expect(await meters()).toEqual(["m1", "m2", "m3"]);
    });

    test("what the version before left to be read again, as its run failed by it, is read again; the rest is not", async () => {
      // Prepare: a run of that version judged all its objects together, and kept the good rows of each.
      objects.put("a.csv", csvOf(reading("m1"), BAD));
      objects.put("b.csv", csvOf(reading("m2")));
      await run(database, options({ contract: bearing({ rows: 1 }) }));
      await sql`update etl_run set status = 'failed'`.execute(database.db);
      await returnLedger(database.db, "007-rejected-objects");

      // Act
      const failed = await error();
      objects.put("a.csv", csvOf(reading("m1"), reading("m9")));
      const corrected = await run(database, options());

      // Assess
      expect(failed.message).toMatch(/^1 object was rejected.*: got memory:a\.csv: .*nothing of the object was loaded/);
      expect(corrected).toMatchObject({ rows: 2, inserted: 1, unchanged: 1 });
      expect(await meters()).toEqual(["m1", "m2", "m9"]);
    });

    test("a chunk refused for a cause that has passed is loaded by its own run, when called again", async () => {
      objects.put("a.csv", csvOf(reading("m1")));
      const planned = await plan(database, options());
      const [chunk] = planned.list;
      if (chunk === undefined) throw new Error("no chunk");

      const refused = await load(database, planned, chunk, options({ objects: archived(objects, "a.csv") }));
      const loaded = await load(database, planned, chunk, options());
      const summary = await summariseFeed(new LiveDatabase(database), readings, planned.runId);

      expect([refused.rows, loaded.rows]).toEqual([0, 1]);
      expect(summary).toMatchObject({ rows: 1, inserted: 1, chunks: 1 });
      expect(await run(database, options())).toMatchObject({ chunks: 0 });
    });
  });
}

/** Objects of which one cannot be read for now. */
function archived(objects: RangedObjects, archivedKey: string): RangedObjects {
  return {
    name: objects.name,
    list: () => objects.list(),
    locate: (key) => objects.locate(key),
    openRange: async (object, start, end) => {
      if (object.key === archivedKey) throw new SourceError("archived", { where: { source: object.key } });
      return objects.openRange(object, start, end);
    },
  };
}
