import { sql } from "kysely";
import type { Database } from "../../etl/core/database/database";
import { LiveDatabase } from "../../etl/core/database/live-database";
import { summariseFeed } from "../../etl/feeds/ledger/summarise";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import type { FeedChunk } from "../../etl/feeds/run/events";
import { MemoryRangedObjects } from "../support/fakes/memory-ranged-objects";
import {
  csvOf,
  type FeedRun,
  forget,
  load,
  plan,
  reading,
  readings,
  readTable,
} from "../support/models/feeds/feed-run";
import { describeOnPostgres } from "../support/servers/feed-databases";

/** Chunks that several connections load at once. */
describeOnPostgres(4, ({ databases, first }) => {
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
    await Promise.all(databases().map(work));
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
});
