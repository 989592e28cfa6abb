import { gzipSync } from "node:zlib";
import type { Feed } from "../../../../etl/core/contract/contract";
import type { Database } from "../../../../etl/core/database/database";
import type { FeedTables } from "../../../../etl/feeds/ledger/tables";
import { csvOf, type FeedRun, HEADER, plan, readColumn, reading, readings, run } from "../../models/feeds/feed-run";
import { describeFeed } from "./describe-feed";

/** Which objects a run reads, and what becomes of those that are no data, on whichever engine `open` gives. */
export function describeFeedObjects(engine: string, open: () => Promise<Database<FeedTables>>): void {
  describeFeed(`the objects of a feed on ${engine}`, open, ({ database, objects }) => {
    const options = (changes = {}) => ({ contract: readings, objects, chunkBytes: 64, ...changes });
    const values = (column: string) => readColumn(database, readings, column);

    test("leaves out what tools leave beside data, and says where there is no object at all", async () => {
      objects.put("in/.DS_Store", Buffer.from([0, 0, 0, 1, 0x42, 0xff]));
      objects.put("in/_SUCCESS", "done");
      objects.put("in/_delta_log/0.json", "{}");

      const none = await run(database, options());
      objects.put("in/a_b.csv", csvOf(reading("m1")));
      const one = await run(database, options());
      const again = await run(database, options());

      expect(none.text).toBe("There is no object below memory:: nothing was loaded");
      expect(none.warnings).toEqual([
        expect.stringMatching(/^3 objects are there, and none is selected: they are hidden, /),
      ]);
      expect(one).toMatchObject({ objects: 1, inserted: 1 });
      expect(again.text).toBe("There was nothing to do: each object is in the ledger already, or empty, or hidden");
    });

    test("loads what include names and exclude does not, of what is hidden only what it names", async () => {
      for (const key of ["2025/a.csv", "2026/b.csv", "2026/old/c.csv", "2026/_d/e.csv", "f.txt"]) {
        objects.put(key, csvOf(reading(key)));
      }
      const include = ["2026/*.csv"];
      const meters = async () => (await values("meter")) as string[];

      const none = await run(database, options({ include: ["2027/*"] }));
      await run(database, options({ include, exclude: ["*/old/*"] }));
      const first = await meters();
      await run(database, options({ include }));
      const second = await meters();
      await run(database, options({ include: [...include, "*/_d/*"] }));

      expect(none.warnings).toEqual([expect.stringMatching(/^5 objects are there, and none is selected/)]);
      expect([first, second]).toEqual([["2026/b.csv"], ["2026/b.csv", "2026/old/c.csv"]]);
      expect(await meters()).toEqual(["2026/_d/e.csv", "2026/b.csv", "2026/old/c.csv"]);
      expect(await run(database, options())).toMatchObject({ objects: 2, inserted: 2 });
    });

    test("loads an object with a header and no rows, or with nothing, as nothing, and says so once", async () => {
      objects.put("a.csv", `${HEADER}\n`);
      objects.put("b.csv", csvOf(reading("m1")));
      objects.put("c.csv", "");
      for (let at = 0; at < 6; at += 1) objects.put(`d${at}.csv`, HEADER);

      const first = await run(database, options());
      const second = await run(database, options());
      objects.put("c.csv", csvOf(reading("m2")));
      const filled = await run(database, options());

      expect(first).toMatchObject({ objects: 8, inserted: 1, rejected: 0 });
      expect(first.warnings).toEqual([
        "1 object was empty, and loaded without rows: memory:c.csv",
        "7 objects have a header and no row: memory:a.csv; memory:d0.csv; memory:d1.csv; memory:d2.csv; memory:d3.csv; and 2 more",
      ]);
      expect(second).toMatchObject({ chunks: 0, warnings: [] });
      expect(filled).toMatchObject({ rows: 1, inserted: 1, warnings: [] });
    });

    test.each<[string, Buffer, RegExp]>([
      ["an image", Buffer.from([0xff, 0xd8, 0xff, 0xe0, ...Array(300).fill(0)]), /It is a JPEG image\. Upload the CSV/],
      [
        "NUL bytes",
        Buffer.alloc(300),
        /got 300 of its first 300 bytes that no text has.*It is not a CSV: name another file, or keep it out/,
      ],
      ["lines of control characters", Buffer.from("\u0000\u0001\n".repeat(100)), /got 200 of its first 300 bytes/],
      ["a packed image", gzipSync(Buffer.from(`GIF89a${"\0".repeat(300)}`)), /It is a GIF image/],
      ["UTF-16", Buffer.from(`${"a,b\n".repeat(50)}`, "utf16le"), /It is UTF-16: convert it/],
    ])(
      "refuses %s as one object, cut or not, with or without a header, and keeps no row of it",
      async (_what, body, reason) => {
        objects.put("a.bin", body);
        objects.put("b.csv", csvOf(reading("m1")));
        const row = reading("m2");
        objects.put("c.csv", `${row}\n`);
        const refused: string[] = [];
        for (const changes of [{}, { contract: { ...readings, header: false } }]) {
          const only = changes.contract === undefined ? ["a.bin", "b.csv"] : ["a.bin", "c.csv"];
          const failing = run(database, options({ ...changes, include: only, full: true }));
          refused.push(
            await failing.then(
              () => "it succeeded",
              (error: Error) => error.message,
            ),
          );
        }

        expect(refused).toEqual(
          refused.map(() =>
            expect.stringMatching(
              /^1 object was rejected, all others are loaded: got memory:a\.bin: This is binary, not text/,
            ),
          ),
        );
        expect(refused).toEqual(refused.map(() => expect.stringMatching(reason)));
        expect(await values("meter")).toEqual(["m1", "m2"]);
        expect(await database.db.selectFrom("rejected_row").selectAll().execute()).toEqual([]);
      },
    );

    test("takes a control character as a delimiter, and one by mistake as a matter of its row", async () => {
      const contract: Feed = { ...readings, delimiter: "\u0001", maxRejected: { rows: 1 } };
      const rows = [HEADER, reading("m1"), reading("m\0")].map((row) => row.replaceAll(",", "\u0001"));
      objects.put("a.csv", `${rows.join("\n")}\n`);

      expect(await run(database, options({ contract, chunkBytes: 65_536 }))).toMatchObject({
        inserted: 1,
        rejected: 1,
      });
    });

    test.each([
      ["blank lines", "\n\n"],
      ["a mark of UTF-8", "\ufeff"],
      ["nothing that is packed", gzipSync("")],
    ])("loads %s as nothing", async (_what, body) => {
      objects.put("a.csv", body);

      expect(await run(database, options())).toMatchObject({ rows: 0, warnings: [expect.stringContaining("no row")] });
    });

    test("plan reads the first bytes of objects that are larger than a chunk, and nothing of the others", async () => {
      const read: unknown[] = [];
      const body = csvOf(...Array.from({ length: 9 }, (_, at) => reading(`m${at}`)));
      for (const key of ["a.csv", "c.csv"]) objects.put(key, body);
      objects.put("b.csv", csvOf(reading("m1")));
      const watched: FeedRun["objects"] = {
        name: objects.name,
        list: () => objects.list(),
        locate: (key) => objects.locate(key),
        openRange: (object, start, end) => {
          read.push([object.key, start, end]);
          return objects.openRange(object, start, end);
        },
      };

      await plan(database, options({ objects: watched, chunkBytes: 128 }));

      expect(read).toEqual([
        ["a.csv", 0, body.length],
        ["c.csv", 0, body.length],
      ]);
    });
  });
}
