import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import { readPglite } from "../../etl/adapters/pglite/reader";
import type { Database } from "../../etl/core/database/database";
import { migrate } from "../../etl/core/database/migrate";
import type { CoreTables } from "../../etl/core/database/tables";
import { loadRecords } from "../../etl/core/load/load-records";
import { finishRun, startRun } from "../../etl/core/runs/runs";
import { reportOfNothing, undoRuns } from "../../etl/core/undo/undo-run";
import { readAsOf } from "../../scripts/run/undo/as-of";
import { batchesOf, type StockTable } from "../support/models/stock";

type Tables = CoreTables & { goods: StockTable };

const item = (sku: number, label: string, amount = "1.5000"): StockTable => ({ site: "a", sku, label, amount });

describe("what an undo says", () => {
  let database: Awaited<ReturnType<typeof openPglite<Tables>>>;

  beforeAll(async () => {
    database = await openPglite<Tables>();
    await migrate(database.db, "goods", {
      "001-goods": {
        async up(db) {
          await sql`create table goods (site text, sku integer, label text, amount numeric(20, 4), primary key (site, sku))`.execute(
            db,
          );
        },
      },
    });
  });
  afterAll(() => database?.close());
  beforeEach(() => execute("truncate goods, revision, load_history, inserted_key, removed_row, rejected_row, etl_run"));

  const execute = async (...statements: readonly string[]) => {
    for (const statement of statements) await sql.raw(statement).execute(database.db);
  };
  const load = (...records: readonly StockTable[]) =>
    database.db.transaction().execute(async (trx) => {
      const run = randomUUID();
      await startRun<Tables>(trx, run, "goods");
      const { inserted, updated, unchanged } = await loadRecords(trx, {
        ...{ table: "goods", key: ["site", "sku"], columns: ["label", "amount"], run },
        records: batchesOf([...records], 3),
      });
      const counts = { inserted, updated, unchanged };
      await finishRun<Tables>(trx, run, { ...counts, status: "succeeded", sources: [], warnings: [] });
      return run;
    });
  const undo = (run: string, isCascade = false, onCommit?: (run: string) => void) =>
    (database as Database<Tables>).db
      .transaction()
      .execute((trx) => undoRuns(trx as never, { pipeline: "goods", run, by: "test", isCascade, onCommit }))
      .catch(reportOfNothing);
  const shownOf = async (run: string, isCascade = false) => {
    const { shown, conflicts, bySomebodyElse } = await undo(run, isCascade);
    return {
      conflicts,
      bySomebodyElse,
      shown: shown.map(({ key, by, table: _, ...images }) => ({ sku: key.sku, by, ...images })),
    };
  };

  test("of rows that somebody else changed or removed: what the run found and wrote, or that it is not known", async () => {
    await load(item(1, "old"), item(2, "old"));
    const run = await load(item(1, "bad"), item(2, "bad", "2.5000"), item(3, "bad"));
    await execute(
      "update goods set label = 'own', amount = 9 where sku = 1",
      "delete from goods where sku = 2",
      "update goods set label = 'own' where sku = 3",
    );

    expect(await shownOf(run)).toEqual({
      ...{ conflicts: 3, bySomebodyElse: 3 },
      shown: [
        { sku: 1, by: "somebody else", before: { label: "old" }, after: { label: "bad" }, now: { label: "own" } },
        {
          ...{ sku: 2, by: "somebody else", now: null },
          before: { label: "old", amount: 1.5 },
          after: { label: "bad", amount: 2.5 },
        },
        {
          ...{ sku: 3, by: "somebody else", before: null, after: {}, now: { label: "own", amount: 1.5 } },
          unknown: ["label", "amount"],
        },
      ],
    });
  });

  test("of rows that somebody else changed, and then a later run: what the undone run wrote", async () => {
    await load(item(1, "old"), item(2, "old"));
    const run = await load(item(1, "bad"), item(2, "bad"), item(3, "bad"));
    await execute("update goods set label = 'own' where sku = 1", "delete from goods where sku in (2, 3)");
    const later = await load(item(1, "later"), item(2, "later"), item(3, "later"));

    const { shown, ...counts } = await shownOf(run);

    expect(counts).toEqual({ conflicts: 3, bySomebodyElse: 0 });
    expect(shown).toMatchObject([
      { sku: 1, by: `run ${later}`, before: { label: "old" }, after: { label: "bad" }, now: { label: "later" } },
      { sku: 2, by: `run ${later}`, after: { label: "bad" }, now: { label: "later" } },
      { sku: 3, before: null, after: {}, now: { label: "later" }, unknown: ["label", "amount"] },
    ]);
  });

  test("of several undone runs: what the first one found, and the last one wrote", async () => {
    await load(item(1, "old"));
    const run = await load(item(1, "bad"));
    await load(item(1, "worse", "3.5000"));
    await execute("update goods set label = 'own' where sku = 1");

    expect((await shownOf(run, true)).shown).toEqual([
      {
        ...{ sku: 1, by: "somebody else" },
        before: { label: "old", amount: 1.5 },
        after: { label: "worse", amount: 3.5 },
        now: { label: "own", amount: 3.5 },
      },
    ]);
  });

  test("of a row that an undone undo removed, and somebody else brought back", async () => {
    const first = await load(item(1, "old"));
    const { runId } = await undo(first);
    await execute("insert into goods values ('a', 1, 'own', 2)");

    expect((await shownOf(runId ?? "")).shown).toMatchObject([
      { by: "somebody else", before: { label: "old", amount: 1.5 }, after: null, now: { label: "own", amount: 2 } },
    ]);
  });

  test("before its commit: the run that does it; and of nothing to undo none", async () => {
    const run = await load(item(1, "old"));
    const commits: string[] = [];
    const onCommit = (undoing: string) => commits.push(undoing);

    const { runId } = await undo(run, false, onCommit);
    await undo(run, false, onCommit);

    expect(commits).toEqual([runId]);
  });

  test("of a run that changed nothing: that it failed, or found nothing new; and what is kept is not its matter", async () => {
    await load(item(1, "old"));
    const same = await load(item(1, "old"));
    const failed = randomUUID();
    await startRun<Tables>(database.db, failed, "goods");
    await finishRun<Tables>(database.db, failed, { status: "failed", sources: [], warnings: [], error: "no file" });

    const refusals = await Promise.all([same, failed].map((run) => undo(run).catch((error: Error) => error)));

    expect(refusals.map((refusal) => "message" in refusal && refusal.message)).toEqual([
      expect.stringMatching(
        /^This run changed nothing: got run .* UTC, which found no new or changed row, expected a run/,
      ),
      expect.stringMatching(/^This run changed nothing: it failed: got run /),
    ]);
    expect(String(refusals)).not.toContain("history: full");
  });

  test("of a table that does not exist any more: that, and not that it has no history; as-of, too", async () => {
    const run = await load(item(1, "old"));
    const subject = { pipeline: "goods", table: "goods", key: ["site", "sku"] };
    const asOf = (table: string) =>
      readAsOf((statement) => readPglite(database as never, statement), { ...subject, table }, "2026-11-29");
    await execute("alter table goods rename to other");

    try {
      await expect(undo(run)).rejects.toThrow(/The table goods does not exist.*It was dropped or renamed/);
      await expect(asOf("goods")).rejects.toThrow(/The table goods does not exist.*It was dropped or renamed/);
      await expect(asOf("never")).rejects.toThrow("Nothing is kept of what never was");
    } finally {
      await execute("alter table other rename to goods");
    }
  });
});
