import * as fc from "fast-check";
import { sql } from "kysely";
import type { Database } from "../../../../../etl/core/database/database";
import type { FeedTables } from "../../../../../etl/feeds/ledger/tables";
import { readTablePage } from "../../../../../etl/report/table/read-table-page";
import { emptyLedger } from "../../../models/empty-ledger";
import { BAD_DAY, bad, mendingOf } from "../../../models/feeds/feed-mending";
import { csvOf, reading, readings } from "../../../models/feeds/feed-run";
import { describeFeed } from "../describe-feed";

/** Which rejected rows are open, mended and superseded. */
export function describeMendStates(engine: string, open: () => Promise<Database<FeedTables>>): void {
  describeFeed(`rejected rows of a feed on ${engine}, by the ledger,`, open, ({ database, objects }) => {
    const { load, correct, mend, states, meters } = mendingOf({ database, objects });

    test("are superseded once their object is another one", async () => {
      objects.put("a.csv", csvOf(bad("m1"), bad("m2")));
      await load();
      const file = await correct([BAD_DAY, "2023-02-28"]);
      objects.put("a.csv", csvOf(reading("m1", { note: "by the sender" }), bad("m2")));
      await load();

      const report = await mend(file);

      expect(report).toMatchObject({ mended: 1, outdated: 1, left: [] });
      expect(await meters()).toEqual(["m1 by the sender", "m2 null"]);
      expect(await states()).toEqual({ open: 0, mended: 1, superseded: 2 });
    });

    test("stay open until another version of their object is loaded: one that was rejected brings nothing in their place", async () => {
      // Prepare
      objects.put("a.csv", csvOf(reading("m0"), bad("m1")));
      await load();
      const file = await correct([BAD_DAY, "2023-02-28"]);

      // Act
      objects.put("a.csv", "another,header\n1,2\n");
      await expect(load()).rejects.toThrow(/has no column/);
      const unread = await states();
      const strict = { contract: { ...readings, maxRejected: { rows: 0 } } };
      objects.put("a.csv", csvOf(reading("m0"), bad("m2")));
      await expect(load(strict)).rejects.toThrow(/Too many rows/);
      const rejected = await states();
      const report = await mend(file);
      objects.put("a.csv", csvOf(reading("m0")));
      await load();

      // Assess
      expect([unread.open, rejected.open]).toEqual([1, 2]);
      expect(report).toMatchObject({ mended: 1, inserted: 1, outdated: 0 });
      expect(await states()).toEqual({ open: 0, mended: 1, superseded: 1 });
    });

    test("are open where they come again after another version had them right: the table has what that said", async () => {
      // Prepare
      const wrong = csvOf(reading("m0"), bad("m1", { note: "kept" }));
      objects.put("a.csv", wrong);
      await load();
      await mend(await correct([BAD_DAY, "2023-02-28"]));
      objects.put("a.csv", wrong.replace("m0", "m9"));
      await load();
      const again = await states();
      objects.put("a.csv", csvOf(reading("m0"), reading("m1", { note: "by the sender" })));
      await load();

      // Act
      objects.put("a.csv", wrong);
      await load();

      // Assess
      expect(again).toEqual({ open: 0, mended: 2, superseded: 0 });
      expect(await states()).toEqual({ open: 1, mended: 1, superseded: 1 });
      expect(await mend(await correct([BAD_DAY, "2023-02-28"]))).toMatchObject({ mended: 1, updated: 1 });
      expect(await meters()).toEqual(["m0 null", "m1 kept", "m9 null"]);
      expect(await states()).toEqual({ open: 0, mended: 2, superseded: 1 });
    });

    test("of which several are alike are closed as many as were mended, also by a file from before they were read again", async () => {
      // Prepare
      objects.put("a.csv", csvOf(bad("m"), bad("m"), bad("m")));
      await load();
      const { rows, ...file } = await correct([BAD_DAY, "2023-02-28"]);
      const named = rows.map((row, at) => ({ ...row, values: new Map([...row.values, ["meter", `m${at}`]]) }));
      const mended = [await mend({ ...file, rows: named.slice(0, 1) })];
      const counts = [await states()];

      // Act
      for (const given of [named.slice(1), named]) {
        await load({ full: true });
        counts.push(await states());
        mended.push(await mend({ ...file, rows: given }));
      }

      // Assess
      expect(counts).toEqual([
        { open: 2, mended: 1, superseded: 0 },
        { open: 2, mended: 2, superseded: 2 },
        { open: 0, mended: 6, superseded: 3 },
      ]);
      expect(mended.map(({ mended: some, before }) => [some, before])).toEqual([
        [1, 0],
        [2, 0],
        [0, 3],
      ]);
      expect(await meters()).toEqual(["m0 null", "m1 null", "m2 null"]);
    });

    test("are open again where the table was lost with what was mended", async () => {
      objects.put("a.csv", csvOf(reading("m0"), bad("m1")));
      await load();
      await mend(await correct([BAD_DAY, "2023-02-28"]));
      await sql`truncate readings`.execute(database.db);

      await load({ full: true });

      expect(await states()).toEqual({ open: 1, mended: 0, superseded: 1 });
    });

    test("are counted on the page: all of them are open, mended or superseded, whatever happens", async () => {
      const row = fc.record({ meter: fc.constantFrom("m1", "m2", "m3"), isBad: fc.boolean() });
      const step = fc.oneof(
        fc.record({ put: fc.constantFrom("a.csv", "b.csv"), rows: fc.array(row, { minLength: 1, maxLength: 3 }) }),
        fc.record({ full: fc.boolean() }),
        fc.record({ mend: fc.constantFrom("2023-02-28", BAD_DAY) }),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 6 }), async (steps) => {
          await emptyLedger(database, readings);
          objects.clear();
          await load();
          for (const [at, done] of steps.entries()) {
            if ("put" in done) {
              const texts = done.rows.map(({ meter, isBad }) => (isBad ? bad : reading)(meter, { note: `${at}` }));
              objects.put(done.put, csvOf(...texts));
              await load();
            } else if ("full" in done) await load({ full: done.full });
            else {
              const file = await correct([BAD_DAY, done.mend]);
              await mend(file);
              expect(await mend(file)).toMatchObject({ runId: null, mended: 0, inserted: 0, updated: 0 });
            }
          }
          const page = await readTablePage(database.db, { pipeline: "readings", table: "readings" });
          const all = database.db.selectFrom("rejected_row").select(({ fn }) => fn.countAll<number>().as("all"));
          const counts = await states();

          expect(counts.open + counts.mended + counts.superseded).toBe(
            Number((await all.executeTakeFirstOrThrow()).all),
          );
          const { open, ...others } = counts;
          expect(page.ledger).toMatchObject({ value: { rejections: { total: open, ...others } } });
        }),
        { numRuns: 5 },
      );
    });
  });
}
