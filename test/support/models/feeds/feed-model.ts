import * as fc from "fast-check";
import { sql } from "kysely";
import type { Database } from "../../../../etl/core/database/database";
import type { RangedObjects } from "../../../../etl/core/objects/objects";
import type { FeedTables } from "../../../../etl/feeds/ledger/tables";
import { MemoryRangedObjects } from "../../fakes/memory-ranged-objects";
import { emptyLedger } from "../empty-ledger";
import { csvOf, endLeases, load, plan, reading, readings, readTable, run } from "./feed-run";

/** One row of an object, by what tells it apart. */
const row = fc.record({ meter: fc.constantFrom("a", "b", "c", "d", "é"), value: fc.integer({ min: 1, max: 3 }) });
/** Objects in the order of their upload; some in the same second. */
const uploads = fc.array(
  fc.record({ key: fc.constantFrom("k1", "k2", "k3", "k4"), second: fc.nat(2), rows: fc.array(row, { maxLength: 6 }) }),
  { minLength: 1, maxLength: 4 },
);
/** Which chunk is loaded next, and whether its worker dies on the way. */
const schedule = fc.array(fc.record({ chunk: fc.nat(99), dies: fc.boolean() }), { maxLength: 12 });

/** Whatever the order of the chunks, and whatever is repeated or dies half way, the table is the same. */
export function describeFeedModel(engine: string, open: () => Promise<Database<FeedTables>>, runs: number): void {
  describe(`import on ${engine}, in any order`, () => {
    let database: Database<FeedTables>;

    beforeAll(async () => {
      database = await open();
    });
    afterAll(() => database?.close());

    test("gives the table that the newest rows make", async () => {
      const given = [uploads, schedule, fc.integer({ min: 20, max: 300 })] as const;
      await fc.assert(
        fc.asyncProperty(...given, async (objectsGiven, steps, chunkBytes) => {
          await emptyLedger(database, readings);
          const objects = upload(objectsGiven);
          const planned = await plan(database, { contract: readings, objects, chunkBytes });

          const inserted = new Map<string, number>();
          const rest = planned.list.map((_, chunk) => ({ chunk, dies: false }));
          for (const { chunk: number, dies } of [...steps, ...rest]) {
            const chunk = planned.list[number % planned.list.length];
            if (chunk === undefined) continue;
            const options = { contract: readings, objects: dies ? breakOff(objects) : objects };
            const counts = await load(database, planned, chunk, options).catch((error: unknown) => {
              if (dies) return undefined;
              throw error;
            });
            if (counts !== undefined) inserted.set(`${chunk.object} ${chunk.start}`, counts.inserted);
          }

          const expected = newest(objectsGiven);
          const stored = (await readTable(database, readings)).map((text) => JSON.parse(text));
          expect(stored.map(({ meter, value, source }) => [meter, value, source])).toEqual(expected);
          expect([...inserted.values()].reduce((sum, count) => sum + count, 0)).toBe(expected.length);
        }),
        { numRuns: runs },
      );
    });

    test("whatever cuts the runs had that died before, and each byte counts once", async () => {
      const cut = fc.integer({ min: 20, max: 300 });
      const deaths = fc.array(fc.record({ chunkBytes: cut, loaded: fc.nat(4) }), { maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(uploads, deaths, cut, async (objectsGiven, died, chunkBytes) => {
          await emptyLedger(database, readings);
          const objects = upload(objectsGiven);
          for (const { loaded, ...cuts } of died) {
            const planned = await plan(database, { contract: readings, objects, ...cuts });
            for (const chunk of planned.list.slice(0, loaded)) {
              await load(database, planned, chunk, { contract: readings, objects });
            }
            await endLeases(database);
          }

          await run(database, { contract: readings, objects, chunkBytes });

          const stored = (await readTable(database, readings)).map((text) => JSON.parse(text));
          expect(stored.map(({ meter, value, source }) => [meter, value, source])).toEqual(newest(objectsGiven));
          const kept = new Map(objectsGiven.map(({ key, rows }) => [key, rows.length]));
          const { rows } = await sql<{ rows: number; twice: number }>`select coalesce(sum(rows), 0)::int as rows,
              (select count(*)::int from import_chunk a join import_chunk b using (object)
                where a.first < b.first and a.past > b.first and not a.lost and not b.lost) as twice
            from import_chunk where not lost`.execute(database.db);
          expect(rows).toEqual([{ rows: [...kept.values()].reduce((sum, count) => sum + count, 0), twice: 0 }]);
        }),
        { numRuns: runs },
      );
    });
  });
}

function upload(given: readonly Upload[]): MemoryRangedObjects {
  const objects = new MemoryRangedObjects();
  for (const { key, second, rows } of given) {
    const lines = rows.map(({ meter, value }) => reading(meter, { value: `${value}.00` }));
    objects.put(key, csvOf(...lines), new Date(Date.UTC(2026, 0, 1, 0, 0, second)));
  }
  return objects;
}

type Upload = typeof uploads extends fc.Arbitrary<readonly (infer Item)[]> ? Item : never;

/** What must be in the table: of each meter the row of the object last modified, then of the greatest key, then the last row. */
function newest(given: readonly Upload[]): [string, number, string][] {
  const kept = new Map(given.map((upload) => [upload.key, upload]));
  const inOrder = [...kept.values()].sort((a, b) => a.second - b.second || (a.key < b.key ? -1 : 1));
  const rows = new Map<string, [string, number, string]>();
  for (const { key, rows: own } of inOrder) {
    for (const { meter, value } of own) rows.set(meter, [meter, value, `memory:${key}`]);
  }
  return [...rows.values()].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Objects that break off in the middle of each range. */
function breakOff(objects: RangedObjects): RangedObjects {
  return {
    name: objects.name,
    list: () => objects.list(),
    locate: (key) => objects.locate(key),
    openRange: async (object, start, end) => {
      const bytes = await objects.openRange(object, start, start + Math.floor((end - start) / 2));
      return (async function* () {
        yield* bytes;
        throw new Error("broken off");
      })();
    },
  };
}
