import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { sql } from "kysely";
import type { Database } from "../../../../../etl/core/database/database";
import { LiveDatabase } from "../../../../../etl/core/database/live-database";
import { OutOfTimeError } from "../../../../../etl/core/in-time";
import { DEFAULT_CHECKS } from "../../../../../etl/core/watch/feed-checks";
import type { FeedTables } from "../../../../../etl/feeds/ledger/tables";
import { beginTry } from "../../../../../etl/feeds/ledger/tried-chunks";
import { CallTime } from "../../../../../etl/feeds/load/call-time";
import { MemoryLists } from "../../../../../etl/feeds/plan/memory-lists";
import { manifestKey } from "../../../../../etl/feeds/plan/plan";
import type { FeedChunk } from "../../../../../etl/feeds/run/events";
import { type FeedRunOptions, runFeed } from "../../../../../etl/feeds/run/run-feed";
import { MemoryRangedObjects } from "../../../fakes/memory-ranged-objects";
import { csvOf, reading, readings, readTable } from "../../../models/feeds/feed-run";
import { describeFeed } from "../describe-feed";

/** A run goes on over as many calls as it needs. */
export function describeFeedRuns(engine: string, open: () => Promise<Database<FeedTables>>): void {
  describeFeed(`a run of a feed in several calls, on ${engine}`, open, ({ database, objects }) => {
    let manifests: MemoryLists;

    // Read as an object of S3 is.
    objects.piece = 65_536;
    beforeEach(() => {
      manifests = new MemoryLists();
    });
    // What a test puts in its place is its own.
    afterEach(() => void Reflect.deleteProperty(objects, "openRange"));

    const watch = { checks: DEFAULT_CHECKS, today: "2026-01-01" };
    const call = (changes: Partial<FeedRunOptions> = {}) =>
      runFeed(new LiveDatabase(database), {
        ...{ contract: readings, objects, manifests, watch, runId: randomUUID(), chunkBytes: 100 },
        ...changes,
      });
    /** A call of so many milliseconds, by a real clock. */
    const lasting = (ms: number) => {
      const until = performance.now() + ms;
      return () => until - performance.now();
    };
    const runs = async () => {
      const found = await database.db.selectFrom("etl_run").select(["status", "error"]).orderBy("started").execute();
      return found.map(({ status, error }) => [status, error]);
    };

    test("each call begins one chunk at least, and says how many are left, and the sum", async () => {
      for (const name of ["a", "b", "c"]) objects.put(name, csvOf(reading(name)));
      const runId = randomUUID();
      let asked = 0;
      // Only the first look at the clock of each call finds time.
      const short = () => {
        asked = 0;
        return () => (asked++ < 2 ? 1_000 : 0);
      };

      const calls = [];
      const told: unknown[] = [];
      const tells = {
        onPlanned: ({ chunks }: { chunks: number }) => void told.push(chunks),
        onLoaded: ({ key }: { key: string }, { rows }: { rows: number }) => void told.push(`${key} ${rows}`),
      };
      for (let count = 0; count < 3; count += 1) calls.push(await call({ runId, remainingMs: short(), ...tells }));
      const last = await call({ runId });
      const repeated = await call({ runId });

      expect(calls).toEqual([3, 2, 1].map((left) => ({ runId, left })));
      expect(told).toEqual([3, "a 1", 3, "b 1", 3, "c 1"]);
      expect(last).toMatchObject({ left: 0, summary: { rows: 3, inserted: 3, chunks: 3 } });
      expect(repeated).toMatchObject({ summary: { rows: 3, inserted: 3 } });
      expect(await runs()).toEqual([["succeeded", null]]);
    });

    test("no chunk is begun unless twice the slowest one so far still fits", async () => {
      objects.put("a", csvOf(reading("a")));
      objects.put("b", csvOf(reading("b")));
      const slow = new MemoryRangedObjects();
      for (const name of ["a", "b"]) slow.put(name, csvOf(reading(name)));
      const open = slow.openRange.bind(slow);
      slow.openRange = async (...range) => {
        await sleep(1_500);
        return open(...range);
      };

      const runId = randomUUID();
      const first = await call({ runId, objects: slow, remainingMs: lasting(4_000) });

      expect(first).toEqual({ runId, left: 2 });
    });

    test("a chunk that the ones before left too little time for is begun by the next call; one that had all of it fails the run", async () => {
      // Prepare
      for (const name of ["a", "b"]) objects.put(name, csvOf(reading(name)));
      const openRange = objects.openRange.bind(objects);
      objects.openRange = async (object, start, end) => {
        if (object.key === "b") throw new OutOfTimeError();
        return openRange(object, start, end);
      };
      const runId = randomUUID();
      // What is late is taken for lost: its connection is closed. There is no time for another try in the same call.
      const late = (own: Database<FeedTables>) =>
        runFeed(new LiveDatabase(own, { remainingMs: () => 19_000 }), {
          ...{ contract: readings, objects, manifests, watch, runId, chunkBytes: 100 },
        });
      const own = await open();

      // Act: each call has a connection of its own.
      const first = await late(own);
      const next = (await own.reopen?.()) ?? own;
      const second = await late(next).catch((error: Error) => error);
      await next.close();

      // Assess
      expect(first).toEqual({ runId, left: 2 });
      expect(second).toBeInstanceOf(OutOfTimeError);
    });

    test("a chunk that calls died of comes last, is refused once two did, keeps no others out, and is tried by the next run", async () => {
      // Prepare
      for (const name of ["a", "b", "c"]) objects.put(name, csvOf(reading(name)));
      const runId = randomUUID();
      const loaded: string[] = [];
      const onLoaded = ({ key }: { key: string }) => void loaded.push(key);
      await call({ runId, remainingMs: () => 0, load: async (list) => list.length });
      const [first] = (await manifests.get(manifestKey(runId))) as FeedChunk[];
      if (first === undefined) throw new Error("no chunk");
      // What a function that is killed leaves behind.
      const die = () => beginTry(database.db, runId, first);

      // Act
      await die();
      let asked = 0;
      const short = await call({ runId, onLoaded, remainingMs: () => (asked++ < 2 ? 1_000 : 0) });
      await die();
      const end = await call({ runId, onLoaded }).catch((error: Error) => error.message);
      const next = await call();

      // Assess
      expect([short, loaded]).toEqual([{ runId, left: 3 }, ["b", "c", "a"]]);
      expect(end).toMatch(
        /^1 object was not to be loaded, all others are loaded: got memory:a: A part of .* got 2 calls that died of it/,
      );
      expect(next).toMatchObject({ summary: { inserted: 1, chunks: 1 } });
    });

    test("a chunk that fails for a reason of its own keeps no others out, and fails the run at its end", async () => {
      for (const name of ["a", "b"]) objects.put(name, csvOf(reading(name)));
      const openRange = objects.openRange.bind(objects);
      objects.openRange = async (object, start, end) => {
        if (object.key === "a") throw new TypeError("x is not a function");
        return openRange(object, start, end);
      };

      const end = await call().catch((error: Error) => error.message);

      expect(end).toMatch(/^1 object was not to be loaded, all others are loaded: got memory:a: .*x is not a function/);
      expect((await readTable(database, readings)).map((text) => JSON.parse(text).meter)).toEqual(["b"]);
      expect(await sql`select tried from import_run`.execute(database.db)).toMatchObject({ rows: [{ tried: {} }] });
    });

    /** What of a gzip comes only after so long. */
    const trickle = (ms: number, name = "big.csv.gz") => {
      const rows = Array.from({ length: 20_000 }, (_, index) => reading(`m${index}`, { note: randomUUID() }));
      objects.put(name, gzipSync(csvOf(...rows)));
      const open = objects.openRange.bind(objects);
      objects.openRange = async (object, start, end) => {
        const bytes = await open(object, start, end);
        if (object.key !== name || end - start < 1_000) return bytes;
        return (async function* () {
          for await (const piece of bytes) {
            yield piece;
            await sleep(ms);
          }
        })();
      };
    };

    test("an object that cannot be cut is given up in time, names what to do, keeps none out, and is not tried again", async () => {
      // Prepare
      trickle(1_000);
      objects.put("z.csv", csvOf(reading("z")));
      const runId = randomUUID();

      // Act
      // Making the tables takes no time of the call that loads.
      await call({ runId, chunkBytes: 65_536, load: async (list) => list.length });
      const first = await call({ runId, chunkBytes: 65_536, remainingMs: lasting(10_000) });
      const end = await call({ runId, chunkBytes: 65_536 }).catch((error: Error) => error.message);
      const next = await call({ chunkBytes: 65_536 });

      // Assess
      expect(first).toEqual({ runId, left: expect.any(Number) });
      expect(end).toMatch(
        /1 object was rejected, all others are loaded.*memory:big\.csv\.gz: The object does not load in one call/,
      );
      expect(end).toMatch(/got \d{6,} bytes, the first [1-9]\d* rows of it read in \d+ s.*Send it plain and in UTF-8/);
      expect((await readTable(database, readings)).map((text) => JSON.parse(text).meter)).toEqual(["z"]);
      expect(next).toMatchObject({ summary: { chunks: 0, warnings: [expect.stringContaining("big.csv.gz")] } });
    });

    test("an object that cannot be cut waits for a call of its own", async () => {
      objects.put("a.csv", csvOf(reading("a")));
      trickle(0);
      const runId = randomUUID();
      const options = { runId, chunkBytes: 65_536, remainingMs: lasting(60_000) };

      expect(await call(options)).toEqual({ runId, left: 2 });
      expect(await call(options)).toMatchObject({ left: 0, summary: { rows: 20_001 } });
    });

    test("an object that cannot be cut has its statements limited while it is written, and not after it", async () => {
      const chunk = { object: 1, key: "a", etag: "1", lastModified: "2026-01-01", bytes: 1, start: 0, end: 1 };
      const time = new CallTime(chunk, objects, 3_600_000);
      const limits = await database.db.transaction().execute(async (trx) => {
        const read = async () => {
          const { rows } = await sql<{ ms: number }>`select setting::int as ms from pg_settings
            where name = 'statement_timeout'`.execute(trx);
          return rows[0]?.ms;
        };
        const before = await read();
        await time.limit(trx, 1);
        const within = await read();
        await time.release(trx);
        return { before, within, after: await read() };
      });

      expect(limits.within).toBeGreaterThan(0);
      expect(limits.within).toBeLessThanOrEqual(3_600_000 * 0.8);
      expect(limits.after).toBe(limits.before);
    });

    test("a failed run continues where it was, by the same name", async () => {
      objects.put("a", csvOf(reading("a")));
      objects.put("b", csvOf(reading("b")));
      const runId = randomUUID();
      const stop = async () => {
        throw new Error("the disk is full");
      };
      await expect(call({ runId, load: stop })).rejects.toThrow("the disk is full");
      const failed = await runs();

      expect(await call({ runId })).toMatchObject({ summary: { inserted: 2 } });
      expect([failed, await runs()]).toEqual([[["failed", "the disk is full"]], [["succeeded", null]]]);
      expect(await sql`select from import_run`.execute(database.db)).toMatchObject({ rows: [{}] });
    });
  });
}
