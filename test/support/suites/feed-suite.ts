import { gzipSync } from "node:zlib";
import { sql } from "kysely";
import type { Feed } from "../../../etl/core/contract/contract";
import type { Database } from "../../../etl/core/database/database";
import type { FeedTables } from "../../../etl/feeds/ledger/tables";
import { lockTarget } from "../../../etl/feeds/target/lock-target";
import { nameTarget } from "../../../etl/feeds/target/target-name";
import { MemoryRangedObjects } from "../fakes/memory-ranged-objects";
import { csvOf, type FeedRun, forget, HEADER, load, plan, reading, readings, readTable, run } from "../models/feed-run";

/** What an import must do, on whichever engine `open` gives. */
export function describeFeedLoads(engine: string, open: () => Promise<Database<FeedTables>>): void {
  describe(`import on ${engine}`, () => {
    let database: Database<FeedTables>;
    let objects: MemoryRangedObjects;

    beforeAll(async () => {
      database = await open();
    });
    beforeEach(async () => {
      objects = new MemoryRangedObjects();
      await forget(database, readings);
    });
    afterAll(() => database?.close());

    const options = (changes = {}) => ({ contract: readings, objects, chunkBytes: 64, ...changes });
    const values = async (column: string) =>
      (
        await sql<{ value: unknown }>`select ${sql.id(column)} as value from readings order by meter, at`.execute(
          database.db,
        )
      ).rows.map(({ value }) => value);

    test("loads all objects, and finds nothing to do the second time", async () => {
      objects.put("a.csv", csvOf(reading("m1"), reading("m2"), reading("m3")));
      objects.put("b.csv", csvOf(reading("m4")));
      objects.put("empty.csv", "");

      const first = await run(database, options());
      const second = await run(database, options());

      expect(first).toMatchObject({ objects: 2, rows: 4, inserted: 4, updated: 0, unchanged: 0 });
      expect(first.chunks).toBeGreaterThan(2);
      expect(first.text).toBe("There were 4 inserts and 0 updates");
      expect(second).toMatchObject({ objects: 0, chunks: 0, rows: 0 });
      expect(second.text).toContain("nothing to do");
    });

    test("loads, changes and finds again a table of as many columns as a contract may have", async () => {
      const names = Array.from({ length: 1_598 }, (_, at) => `column_${at}`);
      const columns = Object.fromEntries(names.map((name) => [name, { type: "integer" }] as const));
      const wide: Feed = { name: "wide", table: "wide", columns, key: ["column_0"] };
      const csv = (last: number) =>
        `${names.join()}\n${names.map((_, at) => at).join()}\n1${",2".repeat(1_596)},${last}\n`;
      const wideRun = () => run(database, { contract: wide, objects });
      await forget(database, wide);

      objects.put("a.csv", csv(3));
      const first = await wideRun();
      objects.put("b.csv", csv(4));
      const second = await wideRun();

      await forget(database, wide);
      expect(first).toMatchObject({ inserted: 2, updated: 0, rejected: 0 });
      expect(second).toMatchObject({ inserted: 0, updated: 1, unchanged: 1 });
    });

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
        expect.stringMatching(/^3 objects are there, and none is meant: they are hidden, /),
      ]);
      expect(one).toMatchObject({ objects: 1, inserted: 1 });
      expect(again.text).toBe("There was nothing to do: the ledger has every object that is neither empty nor hidden");
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

      expect(none.warnings).toEqual([expect.stringMatching(/^5 objects are there, and none is meant/)]);
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
        "1 object was empty, and loaded as nothing: memory:c.csv",
        "7 objects have a header and no row: memory:a.csv; memory:d0.csv; memory:d1.csv; memory:d2.csv; memory:d3.csv; and 2 more",
      ]);
      expect(second).toMatchObject({ chunks: 0, warnings: [] });
      expect(filled).toMatchObject({ rows: 1, inserted: 1, warnings: [] });
    });

    test.each<[string, Buffer, RegExp]>([
      ["an image", Buffer.from([0xff, 0xd8, 0xff, 0xe0, ...Array(300).fill(0)]), /It is a JPEG image\. Upload the CSV/],
      ["NUL bytes", Buffer.alloc(300), /got 300 of its first 300 bytes that no text has.*It is no CSV: keep it out/],
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
              /^1 object was rejected, all others are loaded: got memory:a\.bin: This is binary, and no text/,
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

    test("names the schema that is missing, and lets the database fill in what it does where a row brings none", async () => {
      const missing = { ...readings, name: "elsewhere", table: "shop.readings" };
      const columns = { ...readings.columns, count: { type: "integer" } } as const;
      const filled = { ...readings, columns, name: "filled", table: "filled" };
      await sql`create table filled (meter text, at timestamptz, value numeric(10,2), count integer generated always as identity,
        total bigint generated always as (1) stored, day date, valid boolean, note text, source_object bigint, source_offset bigint,
        primary key (meter, at))`.execute(database.db);

      await expect(run(database, options({ contract: missing }))).rejects.toThrow(
        /no schema for the table shop\.readings.*Run: CREATE SCHEMA "shop";/,
      );
      await expect(run(database, options({ contract: filled }))).rejects.toThrow(
        /"count" SET GENERATED BY DEFAULT;.*"total" DROP EXPRESSION;/,
      );
    });

    test("a full run reads everything again and writes nothing", async () => {
      objects.put("a.csv", csvOf(reading("m1"), reading("m2")));
      objects.put("b.csv", csvOf(reading("m2", { value: "2" }), reading("m3")));
      await run(database, options());
      const places = () => sql`select ctid::text, xmin::text from readings order by meter`.execute(database.db);
      const before = await places();

      const again = await run(database, options({ full: true }));

      expect(again).toMatchObject({ objects: 2, rows: 4, inserted: 0, updated: 0, unchanged: 3, superseded: 1 });
      expect((await places()).rows).toEqual(before.rows);
    });

    test.each<[string, string, RegExp]>([
      [
        "a check",
        "alter table readings add constraint few check (count < 5)",
        /by the constraint few: got meter = m7, at = /,
      ],
      [
        "a foreign key that waits for the COMMIT",
        "alter table readings add constraint known foreign key (count) references counts deferrable initially deferred",
        /by the constraint known: got meter = m7, /,
      ],
      [
        "a domain",
        "alter table readings alter count type few_counts",
        /by the constraint few_counts_check: got meter = m7, /,
      ],
      [
        "a trigger",
        "create trigger stop before insert on readings for each row when (new.count > 5) execute function stop_it()",
        /by a trigger or a type of the table: got meter = m7, at = [^:]+.*: no such count/,
      ],
    ])("names the row that %s of the table refuses", async (_what, change, message) => {
      await run(database, { contract: readings, objects });
      for (const statement of [
        "drop table if exists counts",
        "create table counts (id integer primary key)",
        "insert into counts values (1)",
        "drop domain if exists few_counts",
        "create domain few_counts as integer check (value < 5)",
        "create or replace function stop_it() returns trigger language plpgsql as $$ begin raise 'no such count'; end $$",
        change,
      ]) {
        await sql.raw(statement).execute(database.db);
      }
      const rows = Array.from({ length: 9 }, (_, at) => reading(`m${at}`, { count: at === 7 ? "6" : "1" }));
      objects.put("a.csv", csvOf(...rows));
      const byte = csvOf(...rows.slice(0, 7)).length;

      const failed = run(database, { contract: readings, objects });

      await expect(failed).rejects.toThrow(message);
      await expect(failed).rejects.toThrow(`${objects.locate("a.csv")}, byte ${byte}`);
      await sql`drop table readings`.execute(database.db);
    });

    test("a table has one lock and one ledger, under whichever of its names a contract has it", async () => {
      const other: FeedRun["contract"] = { ...readings, table: "public.readings" };
      const target = async () =>
        (await sql<{ target: string }>`select distinct target from import_object`.execute(database.db)).rows;
      objects.put("a.csv", csvOf(reading("m1")));
      await run(database, { contract: readings, objects });

      const again = await run(database, { contract: other, objects });
      // As a version before this one left it, where the contract named the schema.
      await sql`update import_object set target = 'public.readings'`.execute(database.db);
      await sql`update import_target set target = 'public.readings'`.execute(database.db);
      const adopted = await run(database, { contract: other, objects });
      const locked = await database.db.transaction().execute(async (trx) => {
        await lockTarget(trx, (await nameTarget(trx, "readings")).full, "shared");
        await lockTarget(trx, (await nameTarget(trx, "public.readings")).full, "shared");
        return sql<{ locks: number }>`select count(*)::int as locks from pg_locks
          where locktype = 'advisory' and mode = 'ShareLock'`.execute(trx);
      });

      expect([again, adopted].map(({ chunks }) => chunks)).toEqual([0, 0]);
      expect(await target()).toEqual([{ target: "readings" }]);
      expect(locked.rows).toEqual([{ locks: 1 }]);
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

    test("an object that is put back to what it held before is loaded again and wins; the same once more is not", async () => {
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

    test("counts a chunk once, however often it is loaded", async () => {
      objects.put("a.csv", csvOf(reading("m1"), reading("m2", { count: "x" })));
      const bearing = options({ chunkBytes: 1024, contract: { ...readings, maxRejected: { rows: 1 } } });
      const planned = await plan(database, bearing);
      const [chunk] = planned.list;
      if (chunk === undefined) throw new Error("no chunk");

      const first = await load(database, planned, chunk, bearing);
      const second = await load(database, planned, chunk, bearing);

      expect(first).toEqual({
        rows: 2,
        inserted: 1,
        updated: 0,
        unchanged: 0,
        superseded: 0,
        rejected: 1,
        dropped: 0,
        altered: 0,
      });
      expect(second).toEqual(first);
      expect(await database.db.selectFrom("rejected_row").selectAll().execute()).toHaveLength(1);
    });

    test("keeps rejected rows with object, byte and reason, and fails with the objects", async () => {
      objects.put("a.csv", csvOf(reading("m1"), reading("m2", { day: "2023-02-29" })));
      objects.put("b.csv", csvOf(reading("m3", { value: "1.005" }), reading("m4", { valid: "maybe" })));
      const failing = run(database, options());

      await expect(failing).rejects.toThrow(
        /^2 objects were rejected, all others are loaded: got memory:a\.csv: .*got 1 of 2, .*memory:b\.csv: .*got 2 of 2, /,
      );
      const rejected = await database.db
        .selectFrom("rejected_row")
        .select(["source", "byte_offset", "line", "reason", "raw"])
        .orderBy("source")
        .orderBy("byte_offset")
        .execute();
      const raw = reading("m2", { day: "2023-02-29" });
      expect(rejected[0]).toEqual({
        ...{ source: "memory:a.csv", line: null, raw, byte_offset: csvOf(reading("m1")).length },
        reason: 'day: got "2023-02-29", expected a calendar day as YYYY-MM-DD, or nothing',
      });
      expect(rejected).toHaveLength(3);
      expect(await database.db.selectFrom("etl_run").select("status").execute()).toEqual([{ status: "failed" }]);
    });
  });
}
