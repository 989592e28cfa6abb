import { sql } from "kysely";
import type { Feed } from "../../../../../etl/core/contract/contract";
import type { Database } from "../../../../../etl/core/database/database";
import { rehearse } from "../../../../../etl/core/database/rehearse";
import type { FeedTables } from "../../../../../etl/feeds/ledger/tables";
import { csvOf, type FeedRun, reading, readings, run } from "../../../models/feeds/feed-run";

const BAD = reading("m9", { day: "2023-02-29" });

import { describeFeed } from "../describe-feed";

/** A run that is only tried: it says what it would do, and leaves nothing. */
export function describeRehearsal(engine: string, open: () => Promise<Database<FeedTables>>): void {
  describeFeed(`a dry run of a feed on ${engine}`, open, ({ database, objects }) => {
    const { note, ...fewer } = readings.columns;
    const before: Feed = { ...readings, columns: fewer };
    const options = (changes: Partial<FeedRun> = {}): FeedRun => {
      return { contract: readings, objects, chunkBytes: 100, ...changes };
    };
    const dryRun = (given: FeedRun) => rehearse(database, (rehearsed) => run(rehearsed, given));
    const outcome = (running: Promise<Awaited<ReturnType<typeof run>>>) =>
      running.then(
        ({ runId, seconds, ...summary }) => summary,
        ({ name, message }: Error) => ({ name, message }),
      );

    /** All that is in the database: columns, indexes and rows of each table. */
    const everything = async () => {
      const { rows: tables } = await sql<{ name: string; columns: unknown }>`
        select c.relname as name, array_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod) order by a.attnum) as columns
        from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace group by c.relname, c.relkind order by 1`.execute(database.db);
      const { rows: contents } = await sql<{ name: string }>`
        select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1`.execute(
        database.db,
      );
      const filled = contents.map(async ({ name }) => {
        const { rows } = await sql`select to_jsonb(t)::text as row from ${sql.table(name)} t order by 1`.execute(
          database.db,
        );
        return [name, rows];
      });
      return [tables, await Promise.all(filled)];
    };

    test("of an empty database says what the run will do, and leaves not one table", async () => {
      objects.put("a.csv", csvOf(...Array.from({ length: 9 }, (_, at) => reading(`m${at}`))));
      objects.put("b.csv", csvOf(reading("m1", { value: "2" })));
      const nothing = await everything();

      const dry = await outcome(dryRun(options()));
      const after = await everything();
      const real = await outcome(run(database, options()));

      expect(after).toEqual(nothing);
      expect(dry).toMatchObject({ rows: 10, inserted: 9, updated: 1 });
      expect(dry).toEqual(real);
    });

    test.each<[string, Partial<FeedRun>, () => void]>([
      ["new objects", { contract: before }, () => undefined],
      ["a new column", {}, () => undefined],
      [
        "an object that is rejected",
        { contract: before },
        () => void objects.put("bad.csv", csvOf(reading("m7"), BAD)),
      ],
      ["everything once more", { contract: before, full: true }, () => undefined],
      ["revisions", { contract: { ...before, revisions: true } }, () => undefined],
      [
        "a table that does not fit",
        { contract: { ...readings, columns: { ...readings.columns, more: { type: "text" } } } },
        () => undefined,
      ],
    ])("with %s says what the run will do, and leaves all as it was", async (_what, changes, put) => {
      // Prepare
      objects.put("a.csv", csvOf(reading("m1"), reading("m2"), reading("m3")));
      await run(database, options({ contract: before }));
      objects.put("b.csv", csvOf(reading("m1", { value: "2" }), reading("m4")));
      put();
      const held = await everything();

      // Act
      const dry = await outcome(dryRun(options({ chunkBytes: 65_536, ...changes })));
      const after = await everything();
      const real = await outcome(run(database, options({ chunkBytes: 65_536, ...changes })));

      // Assess
      expect(after).toEqual(held);
      expect(dry).toEqual(real);
    });
  });
}
