import * as fc from "fast-check";
import { sql } from "kysely";
import type { Feed } from "../../../../etl/core/contract/contract";
import type { Database } from "../../../../etl/core/database/database";
import type { FeedTables } from "../../../../etl/feeds/ledger/tables";
import { emptyLedger } from "../../models/empty-ledger";
import { csvOf, load, plan, reading, readings, run } from "../../models/feeds/feed-run";
import { meddler } from "../load/habits-suite";
import { describeFeed } from "./describe-feed";

/** What a feed keeps of rows that change, where its contract says so. */
export function describeFeedRevisions(engine: string, open: () => Promise<Database<FeedTables>>): void {
  describeFeed(`revisions of a feed on ${engine}`, open, ({ database, objects }) => {
    const contract: Feed = { ...readings, revisions: true };
    const options = (changes = {}) => ({ contract, objects, chunkBytes: 65_536, ...changes });
    const revisions = async () =>
      (
        await database.db
          .selectFrom("revision")
          .select(["run", "table_name", "key", "before", "after"])
          .orderBy("id")
          .execute()
      ).map(({ key, ...rest }) => ({ meter: key.meter, ...rest }));

    test.each([
      [true, "ExclusiveLock"],
      [false, "ShareLock"],
    ])(
      "a chunk writes alone where the contract says so, and beside others where it does not: %s",
      async (keeps, mode) => {
        // Prepare: a trigger that sees which lock of the table the upsert holds.
        const chosen = options({ contract: { ...readings, revisions: keeps } });
        await run(database, chosen);
        await sql`create table if not exists seen (mode text)`.execute(database.db);
        await sql`truncate seen`.execute(database.db);
        await sql`create or replace function see_lock() returns trigger language plpgsql as $$ begin
        insert into seen select l.mode from pg_locks l where l.locktype = 'advisory' and l.granted
          and l.database = (select oid from pg_database where datname = current_database());
        return new; end $$`.execute(database.db);
        await sql`create trigger see before insert on readings for each row execute function see_lock()`.execute(
          database.db,
        );
        objects.put("a.csv", csvOf(reading("m1")));

        // Act
        await run(database, chosen);

        // Assess
        const { rows } = await sql<{ mode: string }>`select distinct mode from seen`.execute(database.db);
        await sql`drop table seen`.execute(database.db);
        expect(rows.map((row) => row.mode)).toEqual([mode]);
      },
    );

    test("of a changed row what changed is kept, before and after; of new, equal, confirmed and superseded ones nothing", async () => {
      // Prepare
      objects.put("b.csv", csvOf(...["m1", "m2", "m3"].map((meter) => reading(meter, { value: "2" }))));
      await run(database, options());

      // Act
      objects.put(
        "c.csv",
        csvOf(reading("m1", { value: "3", note: "new" }), reading("m2", { value: "2" }), reading("m4")),
      );
      const { runId, updated } = await run(database, options());
      objects.put("a.csv", csvOf(reading("m3", { value: "1" })), new Date(0));
      const { superseded } = await run(database, options());
      await run(database, options({ full: true }));

      // Assess
      expect([updated, superseded]).toEqual([1, 1]);
      expect(await revisions()).toEqual([
        {
          ...{ run: runId, table_name: "readings", meter: "m1" },
          ...{ before: { value: 2, note: null }, after: { value: 3, note: "new" } },
        },
      ]);
    });

    test("nothing is kept where the contract does not say so", async () => {
      for (const value of ["1", "2"]) {
        objects.put("a.csv", csvOf(reading("m1", { value })));
        await run(database, options({ contract: readings }));
      }

      expect(await revisions()).toEqual([]);
    });

    test("of a table with triggers it is what they left", async () => {
      objects.put("a.csv", csvOf(reading("m1"), reading("m2"), reading("m3")));
      await run(database, options());
      const body = "if new.meter = 'm2' then return null; end if; new.note := upper(new.note); return new;";
      for (const statement of meddler("readings", "before insert or update", body)) {
        await sql.raw(statement).execute(database.db);
      }
      objects.put("b.csv", csvOf(...["m1", "m2", "m4"].map((meter) => reading(meter, { note: "low" }))));

      await run(database, options());

      expect(await revisions()).toMatchObject([{ meter: "m1", before: { note: null }, after: { note: "LOW" } }]);
    });

    test("a contract of as many columns as may be", async () => {
      const names = Array.from({ length: 800 }, (_, at) => `column_${at}`);
      const columns = Object.fromEntries(names.map((name) => [name, { type: "integer" }] as const));
      const wide: Feed = { name: "wide", table: "wide", columns, key: ["column_0"], revisions: true };
      await emptyLedger(database, wide);

      for (const last of [1, 2]) {
        objects.put("a.csv", `${names.join()}\n${"0,".repeat(799)}${last}\n`);
        await run(database, { contract: wide, objects });
      }

      const kept = await revisions();
      await emptyLedger(database, wide);
      expect(kept).toMatchObject([{ before: { column_799: 1 }, after: { column_799: 2 } }]);
    });

    test("whatever the order of the chunks, each change begins with what the one before left, and the last is the table's", async () => {
      const row = fc.record({ meter: fc.constantFrom("a", "b", "c"), value: fc.integer({ min: 1, max: 4 }) });
      const uploads = fc.array(fc.array(row, { minLength: 1, maxLength: 4 }), { minLength: 2, maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(uploads, fc.array(fc.nat(99), { maxLength: 6 }), async (bodies, order) => {
          await emptyLedger(database, readings);
          objects.clear();
          bodies.forEach((rows, at) => {
            objects.put(`${at}`, csvOf(...rows.map(({ meter, value }) => reading(meter, { value: `${value}.00` }))));
          });
          const planned = await plan(database, options({ chunkBytes: 90 }));
          const first = order.map((at) => planned.list[at % planned.list.length]);
          for (const chunk of [...first, ...planned.list]) {
            if (chunk !== undefined) await load(database, planned, chunk, options());
          }

          const held = new Map<unknown, unknown>();
          for (const { meter, before, after } of await revisions()) {
            if (held.has(meter)) expect(before.value).toBe(held.get(meter));
            expect(after.value).not.toBe(before.value);
            held.set(meter, after.value);
          }
          const { rows } = await sql<{ meter: string; value: string }>`select meter, value from readings`.execute(
            database.db,
          );
          for (const { meter, value } of rows) if (held.has(meter)) expect(held.get(meter)).toBe(Number(value));
        }),
        { numRuns: 10 },
      );
    });
  });
}
