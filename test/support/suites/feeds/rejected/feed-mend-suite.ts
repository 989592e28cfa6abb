import { sql } from "kysely";
import type { Database } from "../../../../../etl/core/database/database";
import { readRejected } from "../../../../../etl/core/mend/read-rejected";
import { writeRejected } from "../../../../../etl/core/mend/rejected-file";
import type { FeedTables } from "../../../../../etl/feeds/ledger/tables";
import { BAD_DAY, bad, lenient, mendingOf } from "../../../models/feeds/feed-mending";
import { csvOf, HEADER, reading, readings } from "../../../models/feeds/feed-run";
import { askOf } from "../../../models/mending";
import { describeFeed } from "../describe-feed";

/** Rejected rows that a person corrects. */
export function describeFeedMend(engine: string, open: () => Promise<Database<FeedTables>>): void {
  describeFeed(`rejected rows of a feed on ${engine}, corrected by a person,`, open, ({ database, objects }) => {
    const { load, correct, mend, states, meters } = mendingOf({ database, objects });

    test("are loaded as a run of its own that says by whom, and mended twice is once", async () => {
      // Prepare
      objects.put("a.csv", csvOf(reading("m1"), bad("m2", { note: "=1+1" }), bad("m3", { note: "'-5" })));
      await load();
      const file = await correct([BAD_DAY, "2023-02-28"]);

      // Act
      const first = await mend(file);
      const again = await mend(file);

      // Assess
      expect(first).toMatchObject({ mended: 2, inserted: 2, updated: 0, before: 0, left: [] });
      expect(again).toMatchObject({ runId: null, mended: 0, inserted: 0, before: 2, left: [] });
      expect(await meters()).toEqual(["m1 null", "m2 =1+1", "m3 '-5"]);
      const runs = database.db.selectFrom("etl_run").select(["id", "status", "inserted", "mended_by"]);
      expect(await runs.orderBy("started").execute()).toEqual([
        expect.objectContaining({ status: "succeeded", mended_by: null }),
        { id: first.runId, status: "succeeded", inserted: 2, mended_by: "ann" },
      ]);
      const noted = await database.db.selectFrom("mended_row").selectAll().orderBy("rejected").execute();
      expect(noted.map(({ rejected, run }) => [rejected, run])).toEqual([
        [1, first.runId],
        [2, first.runId],
      ]);
      expect(await states()).toEqual({ open: 0, mended: 2, superseded: 0 });
    });

    test("stay rejected where they are still wrong, with line and value, and keep no other out", async () => {
      objects.put("a.csv", csvOf(bad("m1"), bad("m2"), "m3,x"));
      await load();
      const file = await correct([
        `m2,2026-01-01T00:00:00Z,1.00,,,${BAD_DAY}`,
        "m2,2026-01-01T00:00:00Z,1.00,,,2023-02-28",
      ]);

      const report = await mend(file);

      expect(report).toMatchObject({ mended: 1, inserted: 1 });
      expect(report.left).toEqual([
        { line: 2, reason: `day: got "${BAD_DAY}", expected a calendar day as YYYY-MM-DD, or nothing` },
        { line: 4, reason: expect.stringContaining("its columns are empty") },
      ]);
      expect(await states()).toEqual({ open: 2, mended: 1, superseded: 0 });
      const { rows } = await readRejected(askOf(database), { pipeline: "readings" });
      expect(rows.map(({ raw }) => raw)).toEqual([bad("m1"), "m3,x"]);
    });

    test("are refused if the file lacks a column of the contract, which would be NULL, under any name", async () => {
      objects.put("a.csv", csvOf(bad("m1", { note: "kept" }), bad("m2", { note: "kept" })));
      await load();
      const fixed = [BAD_DAY, "2023-02-28"] as const;

      for (const name of ["Note", ""]) {
        const file = await correct(fixed, [",note,", `,${name},`]);
        await expect(mend(file)).rejects.toThrow(/The file has no column note: got ".*valid.*".*\(rows\.csv, line 1\)/);
      }
      const open = await states();
      await mend(await correct(fixed, [",note,", ", note ,"]));

      expect(open).toEqual({ open: 2, mended: 0, superseded: 0 });
      expect(await meters()).toEqual(["m1 kept", "m2 kept"]);
    });

    test("give way to a row of a newer object, and win over their own and older ones; what comes later wins", async () => {
      // Prepare
      objects.put("a.csv", csvOf(reading("m1", { note: "older" })));
      objects.put(
        "b.csv",
        csvOf(bad("m1", { note: "fixed" }), bad("m2", { note: "fixed" }), reading("m1", { note: "below" })),
      );
      objects.put("c.csv", csvOf(reading("m2", { note: "newer" })));
      await load();

      // Act
      const report = await mend(await correct([BAD_DAY, "2023-02-28"]));
      const [mended, counts] = [await meters(), await states()];
      await load({ full: true });
      const full = [await meters(), await states()];
      objects.put("d.csv", csvOf(reading("m1", { note: "latest" })));
      await load();

      // Assess
      expect(report).toMatchObject({ mended: 1, updated: 1, superseded: 1, left: [] });
      expect(report.gaveWay).toEqual([{ line: 3, reason: "it gave way to a newer row of the same key" }]);
      expect([mended, counts]).toEqual([["m1 fixed", "m2 newer"], { open: 0, mended: 1, superseded: 1 }]);
      expect(full[0]).toEqual(["m1 fixed", "m2 newer"]);
      expect(await meters()).toEqual(["m1 latest", "m2 newer"]);
    });

    test("of one key are one row: the last of a file is loaded, and the other's line says so; a later correction wins", async () => {
      // Prepare
      objects.put("a.csv", csvOf(bad("m1", { note: "b" }), bad("m1", { note: "a" }), bad("m1", { note: "c" })));
      await load();
      const file = await correct([BAD_DAY, "2023-02-28"]);

      // Act
      const both = await mend({ ...file, rows: file.rows.slice(0, 2) });
      const first = await meters();
      const last = await mend({ ...file, rows: file.rows.slice(2) });

      // Assess
      expect(both).toMatchObject({ mended: 1, inserted: 1, superseded: 1, left: [] });
      expect(both.gaveWay).toEqual([{ line: 2, reason: "it gave way to line 3, which has the same key" }]);
      expect(last).toMatchObject({ mended: 1, updated: 1, gaveWay: [] });
      expect([first, await meters()]).toEqual([["m1 a"], ["m1 c"]]);
      expect(await states()).toEqual({ open: 0, mended: 2, superseded: 1 });
    });

    test("that are mended are loaded once more where a person asks for it, as the ledger does not know what he did to the table", async () => {
      // Prepare
      objects.put("a.csv", csvOf(bad("m1", { note: "kept" }), bad("m2")));
      await load();
      const file = await correct([BAD_DAY, "2023-02-28"]);
      await mend(file);
      await sql`delete from readings where meter = 'm1'`.execute(database.db);

      // Act
      const twice = await mend(file);
      const gone = await meters();
      const again = await mend(file, lenient, { again: true, by: "bob" });

      // Assess
      expect([twice, gone]).toEqual([expect.objectContaining({ runId: null, before: 2 }), ["m2 null"]]);
      expect(again).toMatchObject({ mended: 2, inserted: 1, unchanged: 1, before: 0 });
      expect(await meters()).toEqual(["m1 kept", "m2 null"]);
      expect(await states()).toEqual({ open: 0, mended: 2, superseded: 0 });
      const { rows } = await sql`select distinct mended_by from mended_row join etl_run on id = run`.execute(
        database.db,
      );
      expect(rows).toEqual([{ mended_by: "bob" }]);
    });

    test("are no object: a file of them is rejected, with what to do", async () => {
      objects.put("a.csv", csvOf(bad("m1")));
      await load();
      const { rows } = await readRejected(askOf(database), { pipeline: "readings" });
      objects.put("rows.csv", writeRejected(rows, () => lenient).text.replaceAll(BAD_DAY, "2023-02-28"));

      await expect(load()).rejects.toThrow(
        /rows\.csv: .*file of rejected rows, not a source.*as corrections of rejected rows/s,
      );

      expect(await meters()).toEqual([]);
      expect(await states()).toEqual({ open: 1, mended: 0, superseded: 0 });
    });

    test("come in the columns of their object, of one that is rejected as a whole, too", async () => {
      objects.put("a.csv", `note,extra,${HEADER.replace(",note", "")}\n"a, b",x,m1,2026-01-01,1,,,,\n`);
      await expect(load({ contract: readings })).rejects.toThrow(/Too many rows/);

      const { rows } = await readRejected(askOf(database), { pipeline: "readings" });
      const report = await mend(await correct(["2026-01-01", "2026-01-01T00:00:00Z"]));

      expect(rows[0]?.header).toEqual(["note", "extra", ...HEADER.replace(",note", "").split(",")]);
      expect(report).toMatchObject({ mended: 1, left: [] });
      expect(await meters()).toEqual(["m1 a, b"]);
    });

    test("of which the table refuses one are not mended, and its line is named", async () => {
      objects.put("a.csv", csvOf(bad("m1"), bad("m2", { value: "7.00" })));
      await load();
      await sql`alter table readings add constraint few check (value < 5)`.execute(database.db);

      const refused = mend(await correct([BAD_DAY, "2023-02-28"]));

      await expect(refused).rejects.toThrow(/by the constraint few: .*\(rows\.csv, line 3\)/);
      expect(await states()).toEqual({ open: 2, mended: 0, superseded: 0 });
      expect(await meters()).toEqual([]);
    });
  });
}
