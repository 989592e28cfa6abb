import { gzipSync } from "node:zlib";
import { sql } from "kysely";
import type { Database } from "../../../../etl/core/database/database";
import type { FeedTables } from "../../../../etl/feeds/ledger/tables";
import { csvOf, type FeedRun, HEADER, reading, readings, readTable, run } from "../../models/feeds/feed-run";
import { describeFeed } from "./describe-feed";

/** What becomes of the values of an object, and of its packing, on whichever engine `open` gives. */
export function describeFeedValues(engine: string, open: () => Promise<Database<FeedTables>>): void {
  describeFeed(`values of a feed on ${engine}`, open, ({ database, objects }) => {
    const options = (changes = {}) => ({ contract: readings, objects, chunkBytes: 64, ...changes });
    const values = async (column: string) =>
      (
        await sql<{ value: unknown }>`select ${sql.id(column)} as value from readings order by meter, at`.execute(
          database.db,
        )
      ).rows.map(({ value }) => value);

    test("takes every type, and keeps figures exact", async () => {
      const row = reading("m1", {
        ...{ at: "2026-03-01T12:00:00.123456+02:00", value: "-12345678.90", count: "-2147483648" },
        ...{ total: "9223372036854775807", day: "2024-02-29", valid: "TRUE", note: '"a ""b"", \\N\tc"' },
      });
      objects.put("a.csv", csvOf(row));

      await run(database, options());

      const [stored] = await readTable(database, readings);
      expect(JSON.parse(stored?.replace(/"total": (\d+)/, '"total": "$1"') ?? "")).toMatchObject({
        ...{ value: -12345678.9, count: -2147483648, total: "9223372036854775807" },
        ...{ day: "2024-02-29", valid: true, note: 'a "b", \\N\tc', source_offset: HEADER.length + 1 },
      });
      expect(await values("value")).toEqual(["-12345678.90"]);
    });

    test("takes the forms of other countries, and the types that keep more than figures", async () => {
      const contract: FeedRun["contract"] = {
        ...{ name: "forms", table: "forms", key: ["id"], delimiter: ";" },
        columns: {
          id: { type: "uuid" },
          day: { type: "date", format: "D.M.YYYY" },
          at: { type: "timestamp", format: "M/D/YYYY h:mm A", header: ["At", "Time"] },
          amount: { type: "numeric", precision: 20, scale: 4, decimal: ",", thousands: "." },
          count: { type: "bigint", thousands: "'", nullable: true, nullText: ["n/a", "-"] },
          ratio: { type: "double" },
          facts: { type: "json" },
          size: { type: "text", oneOf: ["S", "M"] },
          iban: { type: "text", sensitive: true, pattern: "^[A-Z]{2}\\d+$" },
        },
      };
      const id = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
      const row = (changes: Readonly<Record<number, string>>) =>
        [id, "1.2.2024", "1/31/2024 5:30 PM", "1.234.567,891", "1'000", "-2.5e-3", '"{""a"": [""\\t;""]}"', "M", "DE12"]
          .map((text, at) => changes[at] ?? text)
          .join(";");
      const bad = ["\\u0000", "1e400", "XL", "de-secret"].map((text, at) =>
        row({ [[6, 5, 7, 8][at] ?? 0]: at === 0 ? `"""${text}"""` : text }),
      );
      const header = "id;day;Time;amount;count;ratio;facts;size;iban";
      objects.put(
        "a.csv",
        `${[header, row({}), row({ 0: id.replaceAll("a", "b"), 4: '"n/a"' }), ...bad].join("\n")}\n`,
      );
      await sql`drop table if exists forms`.execute(database.db);

      const summary = await run(database, { contract: { ...contract, maxRejected: { rows: 4 } }, objects });

      expect(summary).toMatchObject({ rows: 6, inserted: 2, rejected: 4 });
      const { rows } =
        await sql`select day, at, amount::text, count, ratio, facts, size, iban from forms order by id`.execute(
          database.db,
        );
      const same = { day: "2024-02-01", at: "2024-01-31T17:30:00", amount: "1234567.8910", ratio: -0.0025, size: "M" };
      const all = { ...same, facts: { a: ["\t;"] }, iban: "DE12" };
      expect(rows).toEqual([
        { ...all, count: 1000 },
        { ...all, count: null },
      ]);
      const { rows: rejected } = await sql<{ reason: string; raw: string }>`select reason, raw from rejected_row
        order by byte_offset`.execute(database.db);
      expect(rejected.map(({ reason }) => reason)).toEqual([
        expect.stringContaining("facts: got a value that is not shown"),
        expect.stringContaining("ratio: got a value that is not shown, expected a finite floating-point number"),
        'size: got a value that is not shown, expected one of "S", "M"',
        "iban: got a value that is not shown, expected text of 0 to 1000 characters like ^[A-Z]{2}\\d+$ without a NUL character",
      ]);
      expect(rejected.map(({ raw }) => raw)).toEqual(["", "", "", ""]);
    });

    test("unpacks by the first bytes, whatever the key's ending, and does not cut what is packed", async () => {
      const rows = (first: string) => Array.from({ length: 50 }, (_, index) => reading(`${first}${index}`));
      objects.put("a.csv.gz", gzipSync(csvOf(...rows("m"))));
      objects.put("b.csv", gzipSync(csvOf(...rows("n"))));
      objects.put("c.csv.gz", csvOf(...rows("o")));

      const summary = await run(database, options({ chunkBytes: 256 }));

      const chunks = await sql<{ location: string; chunks: number }>`select location, count(*)::int as chunks
        from import_chunk c join import_object o on o.id = c.object group by location order by location`.execute(
        database.db,
      );
      expect(summary).toMatchObject({ inserted: 150, rejected: 0 });
      expect(chunks.rows.map(({ chunks: of }) => of > 1)).toEqual([false, false, true]);
    });

    test("warns of columns that the contract does not have, ignores them, or fails, as it says", async () => {
      objects.put("a.csv", csvOf(reading("m1")).replace(/\n/, ",more\n").replace(/\n$/, ",x\n"));
      const withUnknown = (unknownColumns: string) =>
        options({ contract: { ...readings, unknownColumns }, full: true });

      const warned = await run(database, withUnknown("warn"));
      const ignored = await run(database, withUnknown("ignore"));

      expect(warned.warnings).toContain('memory:a.csv: its header has columns that the contract does not have: "more"');
      expect(ignored.warnings).toEqual([]);
      await expect(run(database, withUnknown("fail"))).rejects.toThrow(
        /columns that the contract does not have: got "more"/,
      );
    });
  });
}
