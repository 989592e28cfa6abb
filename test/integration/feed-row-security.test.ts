import { sql } from "kysely";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import type { Database } from "../../etl/core/database/database";
import { checkTable } from "../../etl/feeds/doctor/database-checks";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import { compareTarget } from "../../etl/feeds/target/compare-target";
import { makeTables, requireTarget } from "../../etl/feeds/target/prepare-tables";
import { forget, readings } from "../support/models/feeds/feed-run";

describe("row security of a contract's table", () => {
  let database: Database<FeedTables>;
  const execute = async (...statements: readonly string[]) => {
    for (const statement of statements) await sql.raw(statement).execute(database.db);
  };
  const asLoader = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    await execute("set role loader");
    return work().finally(() => execute("reset role"));
  };
  const compare = () => asLoader(() => compareTarget(database.db, readings));

  beforeAll(async () => {
    database = await openPglite<FeedTables>();
    // PGlite keeps its catalogue to the owner.
    await execute("create role loader in role pg_read_all_data", "grant create, usage on schema public to loader");
  });
  beforeEach(async () => {
    await forget(database, readings);
    await makeTables(database.db, readings);
    await requireTarget(database.db, readings, false);
    await execute(
      "alter role loader nobypassrls",
      "grant all on all tables in schema public to loader",
      "grant all on all sequences in schema public to loader",
      "alter table readings enable row level security",
    );
  });
  afterAll(() => database.close());

  test("is nothing to a user whom it is not in force for", async () => {
    expect(await compareTarget(database.db, readings)).toEqual([]);
    await execute("alter role loader bypassrls");
    expect(await compare()).toEqual([]);
    await execute("alter role loader nobypassrls", "alter table readings owner to loader");
    expect(await compare()).toEqual([]);
  });

  test.each<[string, readonly string[], RegExp]>([
    ["has no policy", [], /^CREATE POLICY millrace ON "readings" TO "loader" USING \(true\) WITH CHECK \(true\);$/],
    ["hides rows", ["create policy own on readings using (meter = 'm1')"], /^CREATE POLICY/],
    ["refuses new rows", ["create policy own on readings using (true) with check (meter = 'm1')"], /^CREATE POLICY/],
    ["lets rows be read only", ["create policy own on readings for select using (true)"], /^CREATE POLICY/],
    ["is for others", ["create policy own on readings to pg_monitor using (true)"], /^CREATE POLICY/],
    [
      "restricts",
      [
        "create policy all_of_it on readings using (true)",
        "create policy own on readings as restrictive using (meter = 'm1')",
      ],
      /^ALTER ROLE "loader" BYPASSRLS;$/,
    ],
    [
      "is forced on the owner",
      ["alter table readings owner to loader", "alter table readings force row level security"],
      /^ALTER TABLE "readings" NO FORCE ROW LEVEL SECURITY;$/,
    ],
  ])("is refused where it %s, by comparison and doctor, until its SQL was run", async (_what, statements, mend) => {
    await execute(...statements);

    const differences = await compare();
    const doctor = await asLoader(() => checkTable(database.db, readings));
    const refused = await asLoader(() => requireTarget(database.db, readings, false)).catch(String);

    expect(differences).toEqual([
      { what: "row security hides rows of readings from loader, or refuses some", sql: expect.stringMatching(mend) },
    ]);
    expect(doctor).toMatchObject({ ok: false, detail: differences[0]?.what, fix: differences[0]?.sql });
    expect(refused).toMatch(/row security hides rows of readings.*Run: /);
    for (const difference of differences) await execute(difference.sql);
    expect(await compare()).toEqual([]);
  });

  test("is taken where policies let every row pass", async () => {
    await execute(
      "create policy read on readings for select to loader using (true)",
      "create policy add on readings for insert to loader with check (true)",
      "create policy change on readings for update to loader using (true)",
      "create policy keep on readings as restrictive for delete using (false)",
    );

    expect(await compare()).toEqual([]);
  });
});
