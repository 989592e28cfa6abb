import { sql } from "kysely";
import type { Database } from "../../../../etl/core/database/database";
import type { FeedTables } from "../../../../etl/feeds/ledger/tables";
import { csvOf, load, plan, readColumn, reading, readings, readTable, run } from "../../models/feeds/feed-run";
import { describeFeed } from "./describe-feed";

/** Which version of an object, and which object, wins, on whichever engine `open` gives. */
export function describeFeedOrder(engine: string, open: () => Promise<Database<FeedTables>>): void {
  describeFeed(`what wins in a feed on ${engine}`, open, ({ database, objects }) => {
    const options = (changes = {}) => ({ contract: readings, objects, chunkBytes: 64, ...changes });
    const values = (column: string) => readColumn(database, readings, column);

    test("rows that come from no object win by their time, then restored before mended before those of an object", async () => {
      const times = { earlier: 1, same: 2, later: 3 };
      objects.put("a.csv", csvOf(reading("m1")), new Date(Date.UTC(2026, 10, times.same)));
      await run(database, options());
      const seen: string[] = [];
      for (const kind of ["mended", "restored"] as const) {
        for (const [when, day] of Object.entries(times)) {
          const { rows } = await sql<{
            id: number;
          }>`insert into import_object (target, location, etag, last_modified, bytes, kind)
            values ('readings', ${kind}, ${when}, ${new Date(Date.UTC(2026, 10, day))}, 0, ${kind}) returning id`.execute(
            database.db,
          );
          await sql`update readings set note = ${`${kind} ${when}`}, source_object = ${rows[0]?.id}`.execute(
            database.db,
          );
          await run(database, options({ full: true }));
          seen.push(...(await values("note")).map((note) => `${kind} ${when}: ${note === null ? "object" : "kept"}`));
        }
      }

      expect(seen).toEqual([
        "mended earlier: object",
        "mended same: kept",
        "mended later: kept",
        "restored earlier: object",
        "restored same: kept",
        "restored later: kept",
      ]);
    });

    test("an object that is uploaded again is loaded again, and only that", async () => {
      objects.put("a.csv", csvOf(reading("m1"), reading("m2")));
      objects.put("b.csv", csvOf(reading("m3")));
      await run(database, options());
      objects.put("a.csv", csvOf(reading("m1"), reading("m2", { value: "9" })));

      const summary = await run(database, options());

      expect(summary).toMatchObject({ objects: 1, rows: 2, inserted: 0, updated: 1, unchanged: 1 });
      expect(await values("value")).toEqual(["1.00", "9.00", "1.00"]);
    });

    test("an object that is changed back to an earlier content is loaded again and wins; the same again is not", async () => {
      // Prepare
      const [before, wrong] = [csvOf(reading("m1", { value: "1.00" })), csvOf(reading("m1", { value: "9.00" }))];

      // Act
      const seen: unknown[] = [];
      for (const body of [before, before, wrong, before, before, wrong]) {
        objects.put("a.csv", body);
        const { objects: loaded } = await run(database, options());
        seen.push([loaded, ...(await values("value"))]);
      }

      // Assess
      expect(seen).toEqual([
        [1, "1.00"],
        [0, "1.00"],
        [1, "9.00"],
        [1, "1.00"],
        [0, "1.00"],
        [1, "9.00"],
      ]);
    });

    test("a version that an outdated listing still has, with its old time, is not taken for a change back", async () => {
      const at = (minute: number) => new Date(Date.UTC(2026, 10, 1, 0, minute));
      const before = csvOf(reading("m1", { value: "1.00" }));
      objects.put("a.csv", before, at(10));
      await run(database, options());
      objects.put("a.csv", csvOf(reading("m1", { value: "9.00" })), at(20));
      await run(database, options());
      objects.put("a.csv", before, at(10));

      const outdated = await run(database, options());

      expect(outdated).toMatchObject({ chunks: 0 });
      expect(await values("value")).toEqual(["9.00"]);
    });

    test("an object whose upload began before a run and ended after it is loaded; at its key it wins, elsewhere by its beginning", async () => {
      const at = (minute: number) => new Date(Date.UTC(2026, 10, 1, 0, minute));
      objects.put("a.csv", csvOf(reading("m1", { note: "first" }), reading("m2", { note: "newer" })), at(10));
      await run(database, options());
      objects.put("a.csv", csvOf(reading("m1", { note: "in parts" })), at(5));
      objects.put("b.csv", csvOf(reading("m2", { note: "older" }), reading("m3")), at(5));

      const summary = await run(database, options());
      const again = await run(database, options());
      await run(database, options({ full: true }));
      const held = await values("note");
      objects.put("a.csv", csvOf(reading("m1", { note: "first" }), reading("m2", { note: "newer" })), at(20));
      const back = await run(database, options());

      expect(summary).toMatchObject({ objects: 2, inserted: 1, updated: 1, superseded: 1 });
      expect(again).toMatchObject({ chunks: 0 });
      expect(held).toEqual(["in parts", "newer", null]);
      expect(back).toMatchObject({ objects: 1, updated: 1 });
      expect(await values("note")).toEqual(["first", "newer", null]);
    });

    test("the newest object wins, whatever the order of the chunks", async () => {
      objects.put("z-old.csv", csvOf(reading("m1", { note: "old" })));
      objects.put("m-middle.csv", csvOf(reading("m1", { note: "middle" }), reading("m1", { note: "below" })));
      objects.put("a-new.csv", csvOf(reading("m1", { note: "old" })));
      const planned = await plan(database, options({ chunkBytes: 1024 }));
      const orders = [
        [0, 1, 2],
        [2, 1, 0],
        [1, 0, 2],
        [2, 0, 1],
        [0, 2, 1],
        [1, 2, 0],
      ];

      for (const order of orders) {
        await sql`truncate readings, import_chunk`.execute(database.db);
        for (const index of order) {
          const chunk = planned.list[index];
          if (chunk !== undefined) await load(database, planned, chunk, options());
        }
        expect(await readTable(database, readings)).toEqual([expect.stringMatching(/"note": "old".*a-new/)]);
      }
    });
  });
}
