import { gzipSync } from "node:zlib";
import type { Database } from "../../../../../etl/core/database/database";
import { LiveDatabase } from "../../../../../etl/core/database/live-database";
import { summariseFeed } from "../../../../../etl/feeds/ledger/summarise";
import type { FeedTables } from "../../../../../etl/feeds/ledger/tables";
import { csvOf, load, plan, reading, readings, run } from "../../../models/feeds/feed-run";
import { describeFeed } from "../describe-feed";

const BAD = reading("m2", { day: "2023-02-29" });
const REASON = 'day: got "2023-02-29", expected a calendar day as YYYY-MM-DD, or nothing';

/** What a sender is told beside a file, on whichever engine `open` gives. */
export function describeFeedVerdicts(engine: string, open: () => Promise<Database<FeedTables>>): void {
  describeFeed(`verdicts of a feed on ${engine}`, open, ({ database, objects }) => {
    const contract = { ...readings, maxRejected: { rows: 1 } };
    /** Verdicts lie where the objects do: whatever is written is listed by the next run. */
    const store = {
      locate: (key: string) => `memory:${key}`,
      put: async (key: string, body: string) => {
        objects.put(key, body);
      },
    };
    const verdicts = { store };
    const judged = (changes = {}) => run(database, { contract, objects, verdicts, ...changes });
    const read = async (key: string) => {
      const [found] = (await all(objects.list(`${key}.verdict.json`))).flat();
      if (found === undefined) return undefined;
      const pieces = await all(await objects.openRange(found, 0, found.bytes));
      return JSON.parse(Buffer.concat(pieces).toString());
    };

    test("say what was accepted and rejected of each object, with lines", async () => {
      const good = objects.put("good.csv", csvOf(reading("m1")));
      objects.put("part.csv", csvOf(reading("m2"), "", BAD));
      const { runId } = await judged();

      expect(await read("good.csv")).toEqual({
        ...{ object: "memory:good.csv", etag: good.etag, bytes: good.bytes, feed: "readings", run: runId },
        ...{ status: "accepted", accepted: 1, rejected: 0, first: [] },
      });
      const byte = csvOf(reading("m2"), "").length;
      expect(await read("part.csv")).toMatchObject({
        ...{ status: "accepted in part", accepted: 1, rejected: 1 },
        first: [{ line: 4, byte, reason: REASON }],
      });
    });

    test("are no objects of the next run, which writes none again", async () => {
      objects.put("a.csv", csvOf(reading("m1")));
      await judged();
      const before = (await all(objects.list())).flat();
      expect(before.map(({ key }) => key)).toEqual(["a.csv", "a.csv.verdict.json"]);

      expect(await judged({ include: ["*"] })).toMatchObject({ objects: 0, chunks: 0 });
      expect(await judged({ include: ["_*", "*.json"] })).toMatchObject({ objects: 0, chunks: 0 });
      expect((await all(objects.list())).flat()).toEqual(before);
    });

    test("of a rejected object say why, though the run fails, and of its next version say that", async () => {
      objects.put("a.csv", csvOf(BAD, reading("m1"), BAD));
      objects.put("b.csv", "no,header\n");
      await expect(judged()).rejects.toThrow(/^2 objects were rejected/);

      expect(await read("a.csv")).toMatchObject({
        ...{ status: "rejected", accepted: 0, rejected: 2 },
        reason: expect.stringMatching(
          /^Too many rows were rejected, nothing of the object was loaded: got 2, expected at most 1/,
        ),
        first: [
          { line: 2, reason: REASON },
          { line: 4, reason: REASON },
        ],
      });
      expect(await read("b.csv")).toMatchObject({
        ...{ status: "rejected", accepted: 0, rejected: 0, first: [] },
        reason: expect.stringMatching(/^The header has no column meter/),
      });

      const { etag } = objects.put("a.csv", csvOf(reading("m1")));
      await judged();
      const second = await read("a.csv");
      expect(second).toMatchObject({ etag, status: "accepted", accepted: 1, rejected: 0, first: [] });
      expect(second).not.toHaveProperty("reason");
    });

    test("add up the parts of an object that is cut, and know no lines but the first part's", async () => {
      const rows = Array.from({ length: 6 }, (_, at) => (at === 5 ? BAD : reading(`m${at}`)));
      objects.put("a.csv", csvOf(...rows));
      expect((await judged({ chunkBytes: 64 })).chunks).toBeGreaterThan(2);
      expect(await read("a.csv")).toMatchObject({
        ...{ status: "accepted in part", accepted: 5, rejected: 1 },
        first: [{ byte: csvOf(...rows.slice(0, 5)).length, reason: REASON }],
      });
      expect((await read("a.csv")).first[0]).not.toHaveProperty("line");
    });

    test("wait for an object's last part", async () => {
      objects.put("a.csv", csvOf(reading("m1"), reading("m2"), reading("m3")));
      const cut = { contract, objects, chunkBytes: 64 };
      const planned = await plan(database, cut);
      const [first] = planned.list;
      if (first === undefined) throw new Error("no chunk");
      await load(database, planned, first, cut);
      const ending = summariseFeed(new LiveDatabase(database), contract, planned.runId, undefined, verdicts);
      await expect(ending).rejects.toThrow(/chunks were not loaded/);
      expect(await read("a.csv")).toBeUndefined();

      await judged(cut);
      expect(await read("a.csv")).toMatchObject({ status: "accepted", accepted: 3 });
    });

    test("name 20 rows, and no value where a column is sensitive", async () => {
      const columns = { ...readings.columns, note: { type: "text", nullable: true, sensitive: true } } as const;
      const rows = Array.from({ length: 30 }, (_, at) => reading(`m${at}`, { count: "secret" }));
      objects.put("a.csv.gz", gzipSync(csvOf(...rows)));
      await judged({ contract: { ...contract, columns, maxRejected: { rows: 30 } } });
      const verdict = await read("a.csv.gz");
      expect(verdict).toMatchObject({ accepted: 0, rejected: 30 });
      expect(verdict.first).toHaveLength(20);
      expect(verdict.first[19]).toMatchObject({ line: 21 });
      expect(JSON.stringify(verdict)).not.toContain("secret");
    });

    test("that cannot be written are a warning, and the run is what it is", async () => {
      objects.put("a.csv", csvOf(reading("m1")));
      objects.put("b.csv", csvOf(reading("m2")));
      const put = async (key: string, body: string) => {
        if (key.startsWith("a")) throw new Error("Access Denied");
        await store.put(key, body);
      };
      expect(await judged({ verdicts: { store: { ...store, put } } })).toMatchObject({
        inserted: 2,
        warnings: ["1 object was judged without a verdict beside it: memory:a.csv: Access Denied"],
      });
      expect(await read("b.csv")).toBeDefined();

      expect(
        await judged({ full: true, verdicts: { store, remainingMs: endingAfter(9_000, 9_000, 5_000) } }),
      ).toMatchObject({
        warnings: [],
      });
      const { warnings } = await judged({
        full: true,
        verdicts: { store, remainingMs: endingAfter(9_000, 5_000, 4_000) },
      });
      expect(warnings).toEqual([expect.stringMatching(/^1 object was judged .*b\.csv: the function's time is up$/)]);
    });
  });
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** What is left of a call's time, whenever it is asked. */
function endingAfter(...left: number[]): () => number {
  return () => left.shift() ?? 0;
}
