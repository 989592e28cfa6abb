import { randomUUID } from "node:crypto";
import * as fc from "fast-check";
import { sql } from "kysely";
import type { Database } from "../../../../etl/core/database/database";
import { migrate } from "../../../../etl/core/database/migrate";
import type { CoreTables } from "../../../../etl/core/database/tables";
import { loadByCopy, loadRecords } from "../../../../etl/core/load/load-records";
import { finishRun, startRun } from "../../../../etl/core/runs/runs";
import { reportOfNothing, undoRuns } from "../../../../etl/core/undo/undo-run";
import { batchesOf, type StockTable } from "../../models/stock";

type Tables = CoreTables & { goods: StockTable };

const anyRecord: fc.Arbitrary<StockTable> = fc.record({
  site: fc.constantFrom("", "a", "NULL", 'ä"\\{,}'),
  sku: fc.integer({ min: -2, max: 1 }),
  label: fc.option(fc.constantFrom("bolt", "nut", "")),
  amount: fc.option(fc.constantFrom("1.5000", "-2.2500")),
});

/** What may happen to a table: loads, some of which die before their commit, and undos. */
type Step =
  | { readonly does: "load" | "copy" | "die"; readonly records: readonly StockTable[] }
  | { readonly does: "undo"; readonly back: number };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constantFrom("load" as const, "copy" as const),
      records: fc.array(anyRecord, { maxLength: 12 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant("die" as const), records: fc.array(anyRecord, { maxLength: 5 }) }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant("undo" as const), back: fc.nat({ max: 3 }) }) },
);

const columns = sql`site, sku, label, amount`;

/** Going back: to a time, and from runs. */
export function describeHistory(engine: string, open: () => Promise<Database<Tables>>, numRuns: number): void {
  describe(`the history of a table on ${engine}`, () => {
    let database: Database<Tables>;

    beforeAll(async () => {
      database = await open();
      await migrate(database.db, "history", {
        "001-goods": {
          async up(db) {
            await sql`create table goods (site text collate "C", sku integer, label text, amount numeric(20, 4), primary key (site, sku))`.execute(
              db,
            );
          },
        },
      });
    });
    afterAll(() => database?.close());
    beforeEach(() => empty());

    const empty = async () => {
      await sql`truncate goods, revision, load_history, inserted_key, removed_row, rejected_row, etl_run`.execute(
        database.db,
      );
    };
    const load = async (records: readonly StockTable[], way = loadRecords, dies = false) => {
      const run = randomUUID();
      const work = database.db.transaction().execute(async (trx) => {
        await startRun<Tables>(trx, run, "goods");
        const counts = await way(trx, {
          ...{ table: "goods", key: ["site", "sku"], columns: ["label", "amount"], run },
          records: batchesOf([...records], 3),
        });
        const { inserted, updated, unchanged } = counts;
        await finishRun<Tables>(trx, run, {
          inserted,
          updated,
          unchanged,
          status: "succeeded",
          sources: [],
          warnings: [],
        });
        if (dies) throw new Error("killed");
        return counts;
      });
      const counts = await work.catch((error: Error) => {
        if (error.message !== "killed") throw error;
      });
      return { run, isKept: counts !== undefined && counts.inserted + counts.updated > 0 };
    };
    const undo = (run: string, how: { skipConflicts?: boolean; isCascade?: boolean } = {}) =>
      database.db
        .transaction()
        .execute((trx) => undoRuns(trx as never, { pipeline: "goods", run, by: "test", isCascade: false, ...how }))
        .catch(reportOfNothing);
    const read = async (from = sql`goods`) => {
      const { rows } = await sql<StockTable>`select ${columns} from ${from} as rows order by site, sku`.execute(
        database.db,
      );
      return rows;
    };
    /** A time after all that is committed, and before all that will be. */
    const now = async () => {
      const { rows } = await sql<{ at: string }>`select clock_timestamp()::text as at`.execute(database.db);
      const at = rows[0]?.at ?? "";
      for (let later = false; !later; ) {
        const { rows } = await sql<{
          later: boolean;
        }>`select clock_timestamp() > ${at}::timestamptz + interval '1 millisecond' as later`.execute(database.db);
        later = rows[0]?.later === true;
      }
      return at;
    };
    const asOf = (at: string) => read(sql`millrace_as_of(null::goods, ${at}::timestamptz)`);

    test("any loads, deaths and undos: as it was at each time, and back to each state", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyStep, { minLength: 2, maxLength: 7 }), async (steps) => {
          await empty();
          await load([{ site: "first", sku: 0, label: null, amount: null }]);
          const copies = [{ at: await now(), rows: await read() }];
          const runs: { run: string; before: readonly StockTable[] }[] = [];
          for (const step of steps) {
            const before = await read();
            if (step.does === "undo") {
              const from = runs.at(-1 - step.back);
              if (from === undefined) continue;
              const { runId, conflicts } = await undo(from.run, { isCascade: true });
              expect([conflicts, await read()]).toEqual([0, from.before]);
              if (runId !== null) runs.push({ run: runId, before });
            } else {
              const { run, isKept } = await load(
                step.records,
                step.does === "copy" ? loadByCopy : loadRecords,
                step.does === "die",
              );
              if (isKept) runs.push({ run, before });
            }
            copies.push({ at: await now(), rows: await read() });
          }
          for (const { at, rows } of copies) expect(await asOf(at)).toEqual(rows);
        }),
        { numRuns, seed: 20 },
      );
    });

    const row = (sku: number, label: string): StockTable => ({ site: "a", sku, label, amount: null });
    const execute = async (...statements: readonly string[]) => {
      for (const statement of statements) await sql.raw(statement).execute(database.db);
    };

    test("a row that a later run or somebody else changed is a conflict, with its three values; the others can be undone", async () => {
      // Prepare
      await load([row(1, "old"), row(2, "old"), row(3, "old")]);
      const { run } = await load([
        row(1, "bad"),
        row(2, "bad"),
        row(3, "bad"),
        row(4, "bad"),
        row(5, "bad"),
        row(6, "bad"),
      ]);
      const { run: later } = await load([row(2, "later"), row(4, "later")]);
      await execute("update goods set amount = 1 where sku = 3", "delete from goods where sku = 5");

      // Act
      const refused = await undo(run);
      const left = await read();
      const { runId, ...skipped } = await undo(run, { skipConflicts: true });

      // Assess
      expect(refused).toMatchObject({ runId: null, restored: 0, removed: 0, conflicts: 3 });
      expect(refused.shown).toMatchObject([
        {
          key: { site: "a", sku: 2 },
          by: `run ${later}`,
          before: { label: "old" },
          after: { label: "bad" },
          now: { label: "later" },
        },
        {
          key: { sku: 3 },
          by: "somebody else",
          before: { label: "old" },
          after: { label: "bad" },
          now: { label: "bad" },
        },
        { key: { sku: 4 }, by: `run ${later}`, before: null, after: { label: "bad" }, now: { label: "later" } },
      ]);
      expect(left).toHaveLength(5);
      expect(skipped).toMatchObject({ restored: 1, removed: 1, conflicts: 3 });
      expect((await read()).map(({ sku, label }) => `${sku} ${label}`)).toEqual([
        "1 old",
        "2 later",
        "3 bad",
        "4 later",
      ]);
      expect(await undo(runId ?? "")).toMatchObject({ conflicts: 0, restored: 1, inserted: 1 });
    });

    test("undos one after the other, the newest first, meet no conflict", async () => {
      // Prepare
      await load([row(1, "a")]);
      const second = await load([row(1, "b"), row(2, "b")]);
      const third = await load([row(1, "c"), row(2, "c")]);

      // Act
      await undo(third.run);
      const counts = await undo(second.run);
      const again = await undo(second.run);

      // Assess
      expect(counts).toMatchObject({ conflicts: 0, restored: 1, removed: 1 });
      expect(again).toMatchObject({ runId: null, conflicts: 0, restored: 0, removed: 0, inserted: 0 });
      expect(await read()).toEqual([row(1, "a")]);
    });

    test.each([
      [
        "a trigger",
        [
          "create function nothing() returns trigger language plpgsql as $$ begin return new; end $$",
          "create trigger own after delete on goods for each row execute function nothing()",
        ],
        ["drop function nothing cascade"],
        /cannot be undone: got the trigger own/,
      ],
      [
        "a foreign key",
        ["create table others (site text, sku integer, foreign key (site, sku) references goods)"],
        ["drop table others"],
        /got the foreign key others_site_sku_fkey of others/,
      ],
    ])("%s of somebody else is refused by its name, and nothing is done", async (_, prepare, after, says) => {
      const { run } = await load([row(1, "a")]);
      await execute(...prepare);

      await expect(undo(run)).rejects.toThrow(says);
      await execute(...after);
      expect(await read()).toHaveLength(1);
    });

    test("a history that is not whole is said so: what was before, and what a run kept in part", async () => {
      // Prepare
      await load([row(1, "a")]);
      const { run } = await load([row(2, "b")]);
      const before = await now();
      await execute(`update load_history set kept = 'changes', finished = clock_timestamp() where run = '${run}'`);
      const after = await now();

      // Act, Assess
      await expect(undo(run)).rejects.toThrow(/kept changes of goods, expected full/);
      await expect(undo("ffff-0000")).rejects.toThrow(/no such run/);
      await expect(asOf(before)).rejects.toThrow(/history of goods begins at/);
      expect(await asOf(after)).toHaveLength(2);
    });
  });
}
