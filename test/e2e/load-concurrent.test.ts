import { sql } from "kysely";
import { openPostgres } from "../../etl/adapters/postgres/postgres";
import { type Database, findErrorCode } from "../../etl/core/database/database";
import type { PostgresServer } from "../../scripts/cloud/postgres-server";
import { describeUnless } from "../support/files/real-data";
import { batchesOf, createStock, loadStock, makeStock, readStock, type StockTables } from "../support/models/stock";
import { postgresMissing, startPostgres } from "../support/servers/postgres";

describeUnless(postgresMissing, "loads of one table at once", () => {
  let server: PostgresServer;
  let databases: Database<StockTables>[];

  beforeAll(async () => {
    server = await startPostgres();
    databases = await Promise.all([1, 2, 3, 4].map(() => openPostgres<StockTables>(server.url())));
  });
  afterAll(async () => {
    await Promise.all(databases?.map(({ close }) => close()) ?? []);
    await server?.remove();
  });

  const [first, second] = [() => databases[0] as Database<StockTables>, () => databases[1] as Database<StockTables>];

  /** Waits until a session stands behind another's lock. */
  async function seeWaiting(): Promise<void> {
    const waiting = sql<{ count: number }>`select count(*) from pg_locks where not granted`;
    while ((await waiting.execute(databases[3]?.db as Database<StockTables>["db"])).rows[0]?.count === 0);
  }

  const partitioned = [
    "drop table stock",
    `create table stock (site text, sku integer, label text, amount numeric(20, 4), primary key (site, sku))
      partition by range (sku)`,
    "create table stock_all partition of stock for values from (minvalue) to (maxvalue)",
  ];

  test.each<[string, readonly string[]]>([
    ["a table", []],
    ["a partitioned table", partitioned],
  ])("a key of %s that another transaction inserts meanwhile is updated, not an error", async (_, change) => {
    await createStock(first().db);
    for (const statement of change) await sql.raw(statement).execute(first().db);
    const other = await first().db.startTransaction().execute();
    await other
      .insertInto("stock")
      .values(makeStock({ sku: 2, label: "theirs" }))
      .execute();

    const run = "b4cbd4b4-0a53-4a53-9a4b-7a5f53a6fd2b";
    const records = [1, 2, 3].map((sku) => makeStock({ sku, label: "ours" }));
    const loading = loadStock(second(), records, run);
    await seeWaiting();
    await other.commit().execute();

    expect(await loading).toEqual({ inserted: 2, updated: 1, unchanged: 0, dropped: 0, duplicates: 0, revisions: 1 });
    expect((await readStock(first())).map(({ label }) => label)).toEqual(["ours", "ours", "ours"]);
    expect(await first().db.selectFrom("revision").select(["before", "after"]).execute()).toEqual([
      { before: { label: "theirs" }, after: { label: "ours" } },
    ]);
    await sql`drop table stock`.execute(first().db);
  });

  test("overlapping loads in opposite orders all succeed", async () => {
    await createStock(first().db);
    const skus = Array.from({ length: 5000 }, (_, sku) => sku);

    for (let round = 0; round < 3; round += 1) {
      const loads = databases.map((database, index) => {
        const records = skus.map((sku) => makeStock({ sku: sku + index * 1000, label: `round ${round} of ${index}` }));
        const load = () => loadStock(database, batchesOf(index % 2 === 0 ? records : records.toReversed(), 500));
        // Rows that are new to one load can be changed to another, which began later: then a deadlock is possible, after which a run is tried again.
        return round > 0
          ? load()
          : load().catch((error) => (findErrorCode(error) === "40P01" ? load() : Promise.reject(error)));
      });
      for (const counts of await Promise.all(loads)) {
        expect(counts.inserted + counts.updated + counts.unchanged).toBe(5000);
      }
    }

    expect(await readStock(first())).toHaveLength(8000);
  });
});
