import { sql } from "kysely";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import type { Column } from "../../etl/core/contract/column";
import type { Feed } from "../../etl/core/contract/contract";
import type { Database } from "../../etl/core/database/database";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import { compareTarget } from "../../etl/feeds/target/compare-target";
import { MemoryRangedObjects } from "../support/fakes/memory-ranged-objects";
import { forget, run } from "../support/models/feeds/feed-run";

describe("the type of a table's column", () => {
  const contractOf = (n: Column): Feed => {
    return { name: "typed", table: "typed", key: ["id"], columns: { id: { type: "text" }, n } };
  };
  const integer: Column = { type: "integer", nullable: true };
  let database: Database<FeedTables>;
  const execute = (text: string) => sql.raw(text).execute(database.db);
  const make = async (type: string, value: string) => {
    await execute(`create table typed (id text primary key, n ${type}, source_object bigint, source_offset bigint)`);
    await execute(`insert into typed (id, n) values ('old', '${value}')`);
  };
  const values = async () =>
    (await sql<{ n: string }>`select n::text as n from typed order by id`.execute(database.db)).rows.map(({ n }) => n);

  beforeAll(async () => {
    database = await openPglite<FeedTables>();
    await execute("set timezone = 'UTC'");
  });
  beforeEach(() => forget(database, contractOf(integer)));
  afterAll(() => database.close());

  test.each(["numeric", "numeric(12,2)"])("may be %s for whole numbers: they are found again", async (type) => {
    await make(type, "1.5");
    const objects = new MemoryRangedObjects();
    const load = (text: string) => {
      objects.put("a.csv", text);
      return run(database, { contract: contractOf(integer), objects });
    };

    const first = await load("id,n\na,7\nb,-2147483648\n");
    const second = await load("id,n\na,8\nb,-2147483648\n");

    expect(first).toMatchObject({ inserted: 2 });
    expect(second).toMatchObject({ inserted: 0, updated: 1 });
    expect((await values()).map(Number)).toEqual([8, -2147483648, 1.5]);
  });

  test.each<[string, string, Column, string, string]>([
    [
      "numeric(10,1)",
      "1234567.5",
      { type: "numeric", precision: 8, scale: 2 },
      'numeric(11,2) USING "n"::numeric(11,2) /* rewrites',
      "1234567.50",
    ],
    ["numeric(6,2)", "1.25", integer, 'numeric(12,2) USING "n"::numeric(12,2) /* rewrites', "1.25"],
    [
      "integer",
      "2147483647",
      { type: "numeric", precision: 8, scale: 2 },
      'numeric(12,2) USING "n"::numeric(12,2) /* rewrites',
      "2147483647.00",
    ],
    [
      "money",
      "1.50",
      integer,
      'integer USING "n"::numeric::integer /* rounds each value to a whole number; rewrites',
      "2",
    ],
    ["boolean", "true", { type: "bigint" }, 'bigint USING "n"::integer::bigint /* rewrites', "1"],
    [
      "double precision",
      "1.5",
      integer,
      'integer USING "n"::integer /* rounds each value to a whole number; rewrites',
      "2",
    ],
    [
      "bigint",
      "9007199254740993",
      { type: "double" },
      'double precision USING "n"::double precision /* keeps about 15 digits',
      "9.007199254740992e+15",
    ],
    [
      "timestamp",
      "2026-01-02 03:04",
      { type: "date" },
      'date USING "n"::date /* cuts off the time of day; rewrites',
      "2026-01-02",
    ],
    [
      "timestamp",
      "2026-01-02 03:04",
      { type: "timestamptz" },
      'timestamp with time zone USING "n"::timestamp with time zone /* takes each time as one in the session\'s TimeZone',
      "2026-01-02 03:04:00+00",
    ],
    [
      "timestamptz",
      "2026-01-02 03:04+01",
      { type: "timestamp" },
      'timestamp without time zone USING "n"::timestamp without time zone /* keeps the time in the session\'s TimeZone',
      "2026-01-02 02:04:00",
    ],
    [
      "text",
      "2026-01-02 03:04",
      { type: "date" },
      'date USING "n"::date /* reads each text by the session\'s DateStyle',
      "2026-01-02",
    ],
    [
      "date",
      "2026-01-02",
      { type: "text" },
      'text USING "n"::text /* writes each value by the session\'s DateStyle',
      "2026-01-02",
    ],
    ["char(3)", "a", { type: "text" }, 'text USING "n"::text /* cuts off blanks at the end; rewrites', "a"],
  ])("%s (%s) for %j: the advice says what is lost, and works", async (type, value, column, advice, kept) => {
    await make(type, value);
    const contract = contractOf({ ...column, nullable: true });

    const differences = await compareTarget(database.db, contract);
    for (const difference of differences) await execute(difference.sql);

    expect(differences.map((difference) => difference.sql)).toEqual([
      expect.stringContaining(`ALTER TABLE "typed" ALTER COLUMN "n" TYPE ${advice}`),
    ]);
    expect(await values()).toEqual([kept]);
    expect(await compareTarget(database.db, contract)).toEqual([]);
  });
});
