import { randomUUID } from "node:crypto";
import * as fc from "fast-check";
import type { Database } from "../../../../etl/core/database/database";
import { LiveDatabase } from "../../../../etl/core/database/live-database";
import { RejectedObjectsError } from "../../../../etl/core/errors";
import type { RangedObjects } from "../../../../etl/core/objects/objects";
import { DEFAULT_CHECKS } from "../../../../etl/core/watch/feed-checks";
import { summariseFeed } from "../../../../etl/feeds/ledger/summarise";
import type { FeedTables } from "../../../../etl/feeds/ledger/tables";
import { MemoryLists } from "../../../../etl/feeds/plan/memory-lists";
import { type FeedRunResult, runFeed } from "../../../../etl/feeds/run/run-feed";
import { MemoryRangedObjects } from "../../fakes/memory-ranged-objects";
import { emptyLedger } from "../empty-ledger";
import { csvOf, endLeases, load, plan, reading, readings, readTable } from "./feed-run";

const row = fc.record({ meter: fc.constantFrom("a", "b", "c", "d"), value: fc.integer({ min: 1, max: 3 }) });
const uploadsOf = (...keys: string[]) =>
  fc.array(
    fc.record({
      key: fc.constantFrom(...keys),
      second: fc.nat(3),
      rows: fc.array(row, { minLength: 1, maxLength: 5 }),
    }),
    { maxLength: keys.length },
  );
const call = fc.record({
  /** By one function that goes on until its time is up, or by several that take a chunk each. */
  way: fc.constantFrom("lambda", "distributed-map"),
  /** How many chunks it has time for. */
  chunks: fc.nat(4),
  dies: fc.boolean(),
  /** Its run is over when nobody hears of it for long: another one begins. */
  isForgotten: fc.boolean(),
  chunkBytes: fc.integer({ min: 20, max: 250 }),
});

type Upload = {
  readonly key: string;
  readonly second: number;
  readonly rows: readonly { meter: string; value: number }[];
};
type Call = typeof call extends fc.Arbitrary<infer One> ? One : never;

/** Whichever way a feed is run, switched at any time, cut anyhow, killed anywhere: the table is the same. */
export function describeFeedRunModel(engine: string, open: () => Promise<Database<FeedTables>>, runs: number): void {
  describe(`runs of a feed on ${engine}, either way`, () => {
    let database: Database<FeedTables>;

    beforeAll(async () => {
      database = await open();
    });
    afterAll(() => database?.close());

    test("give the table that the newest rows make", async () => {
      const given = [uploadsOf("k1", "k2", "k3"), uploadsOf("l1", "l2"), fc.array(call, { maxLength: 6 })] as const;
      await fc.assert(
        fc.asyncProperty(...given, async (before, meanwhile, calls) => {
          await emptyLedger(database, readings);
          const objects = new MemoryRangedObjects();
          const world = new World(database, objects);
          world.upload(before);
          for (const [index, one] of calls.entries()) {
            if (index === Math.ceil(calls.length / 2)) world.upload(meanwhile);
            await world.call(one);
          }
          world.upload(meanwhile);
          await world.end();

          const stored = (await readTable(database, readings)).map((text) => JSON.parse(text));
          expect(stored.map(({ meter, value, source }) => [meter, value, source])).toEqual(
            newest([...before, ...meanwhile]),
          );
        }),
        { numRuns: runs },
      );
    });
  });
}

/** A deployed feed: its database, its objects, the manifests, and who calls. */
class World {
  readonly #database: Database<FeedTables>;
  readonly #objects: MemoryRangedObjects;
  readonly #manifests = new MemoryLists();
  readonly #uploaded = new Set<string>();
  #run = randomUUID();

  constructor(database: Database<FeedTables>, objects: MemoryRangedObjects) {
    this.#database = database;
    this.#objects = objects;
  }

  /** Each key once: the last of its kind. */
  upload(uploads: readonly Upload[]): void {
    for (const [key, { second, rows }] of new Map(uploads.map((upload) => [upload.key, upload]))) {
      if (this.#uploaded.has(key)) continue;
      this.#uploaded.add(key);
      const lines = rows.map(({ meter, value }) => reading(meter, { value: `${value}.00` }));
      this.#objects.put(key, csvOf(...lines), new Date(Date.UTC(2026, 0, 1, 0, 0, second)));
    }
  }

  async call(one: Call): Promise<void> {
    if (one.isForgotten) await this.#forgetRun();
    await (one.way === "lambda" ? this.#callFunction(one) : this.#callMap(one));
  }

  /** Runs until there is nothing left to load. */
  async end(): Promise<void> {
    for (let chunks = 1; chunks > 0; ) {
      await this.#forgetRun();
      const result = await this.#runFeed(this.#objects, 300, () => 100_000);
      if (!("summary" in result)) throw new Error(`no end: ${JSON.stringify(result)}`);
      chunks = result.summary.chunks;
    }
  }

  async #forgetRun(): Promise<void> {
    await endLeases(this.#database).catch(() => undefined);
    this.#run = randomUUID();
  }

  async #callFunction({ chunks, dies, chunkBytes }: Call): Promise<void> {
    const opens = new CountedOpens(this.#objects, dies ? chunks : Number.POSITIVE_INFINITY);
    // A chunk opens its object up to three times.
    const remainingMs = () => (opens.count < 3 * chunks + 1 ? 100_000 : 0);
    await this.#runFeed(opens, chunkBytes, remainingMs, () => opens.isKilled).catch((error: unknown) => {
      // What two calls died of is left to the next run.
      if (!(error instanceof Killed || error instanceof RejectedObjectsError)) throw error;
    });
  }

  #runFeed(
    objects: RangedObjects,
    chunkBytes: number,
    remainingMs: () => number,
    isKilled = () => false,
  ): Promise<FeedRunResult> {
    const watch = { checks: { ...DEFAULT_CHECKS, sizeFactor: null }, today: "2026-01-01" };
    const options = { contract: readings, objects, chunkBytes, manifests: this.#manifests, runId: this.#run };
    return runFeed(new MortalDatabase(this.#database, isKilled), { ...options, watch, remainingMs });
  }

  async #callMap({ chunks, dies, chunkBytes }: Call): Promise<void> {
    const options = { contract: readings, objects: this.#objects, chunkBytes, runId: this.#run };
    const planned = await plan(this.#database, { ...options, manifests: this.#manifests });
    for (const chunk of planned.list.toReversed().slice(0, dies ? chunks : undefined)) {
      await load(this.#database, planned, chunk, options);
    }
    if (!dies) await summariseFeed(new LiveDatabase(this.#database), readings, this.#run);
  }
}

class Killed extends Error {}

/** Who is killed writes nothing down any more. */
class MortalDatabase extends LiveDatabase<FeedTables> {
  readonly #isKilled: () => boolean;

  constructor(database: Database<FeedTables>, isKilled: () => boolean) {
    super(database);
    this.#isKilled = isKilled;
  }

  override async run<Result>(...given: Parameters<typeof LiveDatabase.prototype.run<Result>>): Promise<Result> {
    if (this.#isKilled()) throw new Killed();
    return super.run(...given);
  }
}

/** Objects whose reader is killed after so many have been opened. */
class CountedOpens implements RangedObjects {
  readonly name: string;
  readonly #objects: RangedObjects;
  readonly #most: number;
  count = 0;

  constructor(objects: RangedObjects, most: number) {
    this.name = objects.name;
    this.#objects = objects;
    this.#most = most;
  }

  get isKilled(): boolean {
    return this.count > this.#most;
  }

  list = () => this.#objects.list();
  locate = (key: string) => this.#objects.locate(key);
  openRange: RangedObjects["openRange"] = async (...range) => {
    this.count += 1;
    if (this.isKilled) throw new Killed();
    return this.#objects.openRange(...range);
  };
}

function newest(uploads: readonly Upload[]): [string, number, string][] {
  const kept = [...new Map(uploads.map((upload) => [upload.key, upload])).values()];
  const rows = new Map<string, [string, number, string]>();
  for (const { key, rows: own } of kept.sort((a, b) => a.second - b.second || (a.key < b.key ? -1 : 1))) {
    for (const { meter, value } of own) rows.set(meter, [meter, value, `memory:${key}`]);
  }
  return [...rows.values()].sort(([a], [b]) => (a < b ? -1 : 1));
}
