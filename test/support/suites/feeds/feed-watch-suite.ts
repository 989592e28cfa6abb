import { gzipSync } from "node:zlib";
import type { Database } from "../../../../etl/core/database/database";
import { LiveDatabase } from "../../../../etl/core/database/live-database";
import { DEFAULT_CHECKS, type FeedChecks } from "../../../../etl/core/watch/feed-checks";
import { summariseFeed } from "../../../../etl/feeds/ledger/summarise";
import type { FeedTables } from "../../../../etl/feeds/ledger/tables";
import { csvOf, HEADER, load, plan, reading, readings } from "../../models/feeds/feed-run";
import { describeFeed } from "./describe-feed";

/** What an import tells of its objects besides their rows, on whichever engine `open` gives. */
export function describeFeedWatch(engine: string, open: () => Promise<Database<FeedTables>>): void {
  describeFeed(`what a feed on ${engine} tells of its objects`, open, ({ database, objects }) => {
    const contract = { ...readings, maxRejected: { percent: 100 } };
    let made = 0;
    beforeEach(() => {
      made = 0;
    });

    /** Puts an object of so many rows, the first ones of which break the contract. */
    const put = (rows: number, rejected = 0) => {
      made += 1;
      const row = (at: number) => reading(`m${made}-${at}`, at < rejected ? { value: "none" } : {});
      objects.put(`${made}.csv`, csvOf(...Array.from({ length: rows }, (_, at) => row(at))));
    };
    const run = async (checks: Partial<FeedChecks> = {}, today = "2026-11-22", table = contract.table) => {
      const named = { ...contract, table };
      const planned = await plan(database, { contract: named, objects, chunkBytes: 4096 });
      for (const chunk of planned.list) await load(database, planned, chunk, { contract: named, objects });
      const watch = { checks: { ...DEFAULT_CHECKS, ...checks }, today };
      return summariseFeed(new LiveDatabase(database), named, planned.runId, watch);
    };
    /** Runs that make something usual: ten rows an object, one of which is rejected. */
    const usual = async (runs = 5) => {
      for (let at = 0; at < runs; at += 1) {
        put(10, 1);
        await run();
      }
    };
    const statusOf = (id: string) =>
      database.db.selectFrom("etl_run").select(["status", "warnings"]).where("id", "=", id).executeTakeFirstOrThrow();

    test("says that no object has come for long, and nothing for a new feed", async () => {
      // Prepare
      put(10);
      const first = await run({}, "2026-12-25");

      // Act
      const inTime = await run({}, "2026-11-28");
      const late = await run({}, "2026-11-29");
      const never = await run({ staleDays: null }, "2026-11-29");

      // Assess
      expect([first.warnings, inTime.warnings, never.warnings]).toEqual([[], [], []]);
      expect(late.warnings).toEqual(["no new object since 2026-11-21 (8 days): ask their sender"]);
      expect(await statusOf(late.runId)).toEqual({ status: "succeeded", warnings: late.warnings });
    });

    test("tells of an object far larger or smaller than the ones before, by its name and in numbers", async () => {
      // Prepare
      await usual();

      // Act
      put(3);
      const small = await run();
      put(18);
      const within = await run();
      put(30);
      const large = await run({ sizeFactor: null });

      // Assess
      expect(small.warnings).toEqual([
        "memory:6.csv: 3 rows, usually about 10 rows, the median of the last 5. Check whether it is complete",
      ]);
      expect([within.warnings, large.warnings]).toEqual([[], []]);
    });

    test("compares packed objects with packed ones only", async () => {
      // Prepare
      await usual();
      const packed = async () => {
        made += 1;
        const rows = Array.from({ length: 10 }, (_, at) =>
          reading(`m${made}-${at}`, { note: "so long a note ".repeat(9) }),
        );
        objects.put(`${made}.csv.gz`, gzipSync(csvOf(...rows)));
        return run({ sizeFactor: 1.2 });
      };

      // Act
      const first = await packed();
      for (let at = 0; at < 4; at += 1) await packed();
      put(10);
      const plain = await run({ sizeFactor: 1.2 });

      // Assess
      expect([first.warnings, plain.warnings]).toEqual([[], []]);
    });

    test("tells the same where the contract names the table's schema", async () => {
      // Prepare
      await usual();

      // Act
      put(3);
      const small = await run({}, undefined, "public.readings");
      const late = await run({}, "2026-12-25", "public.readings");

      // Assess
      expect(small.warnings).toEqual([expect.stringContaining("memory:6.csv: 3 rows, usually about 10 rows")]);
      expect(late.warnings).toEqual([expect.stringContaining("no new object since 2026-11-21")]);
    });

    test("makes nothing usual of four objects", async () => {
      await usual(4);
      put(100);

      expect((await run()).warnings).toEqual([]);
    });

    test("fails where the configuration says so, keeps what it loaded, and does not fail for it again", async () => {
      // Prepare
      await usual();
      put(100);

      // Act
      const failed = run({ onUnusualSize: "fail" });

      // Assess
      await expect(failed).rejects.toThrow(
        /what was loaded of them stays: got memory:6\.csv: 100 rows, usually about 10 rows.*expected at most 2 times/,
      );
      expect(await run({ onUnusualSize: "fail" })).toMatchObject({ chunks: 0, warnings: [] });
    });

    test("tells of a share of rejected rows that rises", async () => {
      // Prepare
      await usual();

      // Act
      put(10, 2);
      const twice = await run();
      put(10, 3);
      const thrice = await run();

      // Assess
      expect(twice.warnings).toEqual([]);
      expect(thrice.warnings).toEqual([
        expect.stringMatching(/^3 of 10 rows were rejected \(30%\), usually 10% are\./),
      ]);
    });

    test("tells once of columns that are new, gone or in another order, by their names", async () => {
      // Prepare
      const row = reading("m", {}).split(",");
      const putColumns = (header: readonly string[], values: readonly string[]) => {
        made += 1;
        objects.put(`${made}.csv`, `${header.join()}\n${values.join()}\n`);
      };
      const names = HEADER.split(",");
      putColumns(names, row);
      const first = await run();

      // Act
      putColumns([...names, "unit"], [...row, "kWh"]);
      const added = await run();
      putColumns([...names, "unit"], [...row, "kWh"]);
      const again = await run();
      putColumns(["unit", ...names], ["kWh", ...row]);
      putColumns(names, row);
      const moved = await run();

      // Assess
      expect([first.warnings, again.warnings]).toEqual([[], []]);
      expect(added.warnings).toEqual([
        expect.stringMatching(/^memory:2\.csv: the columns of its header changed: new are unit\. Ask its publisher/),
      ]);
      expect(moved.warnings).toEqual([
        expect.stringMatching(/^memory:4\.csv: its columns come in another order: unit, meter, /),
        expect.stringMatching(
          /^memory:5\.csv: the columns of its header changed: gone are unit\. No column of the contract is missing\. Ask/,
        ),
      ]);
    });

    test("tells of a column that no row has a value in any more, in whichever chunk", async () => {
      // Prepare
      const putNotes = (...notes: readonly string[]) => {
        made += 1;
        const rows = notes.map((note, at) => reading(`m${made}-${at}`, { note, count: "1", day: "2026-01-05" }));
        objects.put(`${made}.csv`, csvOf(...rows));
      };
      const long = "x".repeat(3000);
      putNotes(long, "");
      await run();

      // Act
      putNotes("", "", long);
      const partly = await run();
      putNotes("", "");
      const empty = await run();
      putNotes("", "");
      const again = await run();

      // Assess
      expect([partly.warnings, again.warnings]).toEqual([[], []]);
      expect(empty.warnings).toEqual([
        expect.stringMatching(/^memory:3\.csv: no row has a value in note any more\. Check the source/),
      ]);
    });

    test("names five objects of many", async () => {
      // Prepare
      await usual();
      for (let at = 0; at < 7; at += 1) put(1);

      // Act
      const { warnings } = await run();

      // Assess
      expect(warnings).toHaveLength(6);
      expect(warnings.at(-1)).toBe("and 2 more objects of an unusual size");
    });
  });
}
