import { sql } from "kysely";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import type { Feed } from "../../etl/core/contract/contract";
import type { Database } from "../../etl/core/database/database";
import { checkTable } from "../../etl/feeds/doctor/database-checks";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import { compareTarget } from "../../etl/feeds/target/compare-target";

describe("the table of a contract has", () => {
  const contract: Feed = {
    name: "fits",
    table: "fits",
    key: ["id"],
    columns: {
      id: { type: "bigint" },
      code: { type: "text" },
      ratio: { type: "double" },
      one: { type: "uuid" },
    },
  };
  const columns = "id bigint, code text, ratio double precision, one uuid, source_object bigint, source_offset bigint";
  let database: Database<FeedTables>;
  const execute = (text: string) => sql.raw(text).execute(database.db);
  const advice = async () => (await compareTarget(database.db, contract)).map((difference) => difference.sql);
  const follow = async () => {
    for (const statement of await advice()) await execute(statement);
  };

  beforeAll(async () => {
    database = await openPglite<FeedTables>();
  });
  beforeEach(() => execute("drop table if exists fits"));
  afterAll(() => database.close());

  test("partitions, but none yet: refused, and taken once its SQL was run", async () => {
    await execute(`create table fits (${columns}, primary key (id)) partition by range (id)`);

    const [difference, ...others] = await compareTarget(database.db, contract);
    await execute(difference?.sql ?? "");

    expect([difference?.what, others]).toEqual(["fits is partitioned and has no partition", []]);
    expect(await compareTarget(database.db, contract)).toEqual([]);
  });

  describe("partitions", () => {
    test.each([
      [
        "none below another one",
        "list (code)",
        "create table fits_default partition of fits default partition by list (code)",
        "primary key (id, code)",
      ],
      ["none by hash", "hash (id)", "select 1", "primary key (id)"],
    ])("%s: refused, and taken once its SQL was run", async (_what, by, more, key) => {
      await execute(`create table fits (${columns}, ${key}) partition by ${by}`);
      await execute(more);

      const partition = (await compareTarget(database.db, contract)).find(({ what }) => what.endsWith("no partition"));
      await execute(partition?.sql ?? "");

      expect((await compareTarget(database.db, contract)).map(({ what }) => what)).not.toContainEqual(
        expect.stringMatching(/no partition$/),
      );
    });

    test.each([
      [
        "a column",
        "(id, ratio)",
        "range (ratio)",
        [
          /^\/\* ratio cannot be NULL: the table is partitioned by it\. Have it in the contract without nullable, and in its key/,
          /^\/\* PostgreSQL has none without .* add ratio to the contract's key/,
        ],
      ],
      [
        "an expression",
        "",
        "range ((id + 1))",
        [/^\/\* PostgreSQL has none for a table that is partitioned by an expression/],
      ],
    ])("by %s outside the key: says what is not possible", async (_what, key, by, expected) => {
      const nullable: Feed = {
        ...contract,
        columns: { ...contract.columns, ratio: { type: "double", nullable: true } },
      };
      await execute(`create table fits (${columns}${key === "" ? "" : `, primary key ${key}`}) partition by ${by}`);
      await execute("create table fits_all partition of fits default");

      const differences = await compareTarget(database.db, nullable);

      expect(differences.map((difference) => difference.sql)).toEqual(
        expected.map((text) => expect.stringMatching(text)),
      );
      await follow();
    });

    test("whose type would have to change: says that it stays", async () => {
      await execute(
        `create table fits (${columns.replace("bigint", "text")}, primary key (id)) partition by list (id)`,
      );
      await execute("create table fits_all partition of fits default");

      expect(await advice()).toEqual([
        expect.stringMatching(/^\/\* id stays as it is: the table is partitioned by it\./),
      ]);
    });

    test("of which the contract names one: the whole table is changed", async () => {
      await execute("drop table if exists whole");
      await execute(`create table whole (${columns.replace("uuid", "text")}, primary key (id)) partition by list (id)`);
      await execute("create table fits partition of whole default");

      await follow();

      expect(await advice()).toEqual([]);
      await execute("drop table whole");
    });
  });

  test("a primary key with a column that may be NULL: it is dropped", async () => {
    const nullable: Feed = { ...contract, columns: { ...contract.columns, one: { type: "uuid", nullable: true } } };
    await execute(`create table fits (${columns}, unique (id))`);
    await execute("alter table fits add other text, add primary key (id, one, other)");

    const differences = await compareTarget(database.db, nullable);
    for (const difference of differences) await execute(difference.sql);

    expect(differences.map(({ what }) => what)).toEqual([
      "one does not allow NULL",
      "other needs a value that the contract does not have",
    ]);
    expect(await compareTarget(database.db, nullable)).toEqual([]);
  });

  test("heirs: refused, and taken once its SQL was run", async () => {
    await execute(`create table fits (${columns}, unique (id))`);
    await execute("create table heir () inherits (fits)");

    const differences = await compareTarget(database.db, contract);
    const doctor = await checkTable(database.db, contract);
    for (const difference of differences) await execute(difference.sql);
    await execute("drop table heir");

    expect(differences.map(({ what }) => what)).toEqual([
      expect.stringMatching(/^the table heir inherits from fits, /),
    ]);
    expect(doctor).toMatchObject({ ok: false, fix: expect.stringContaining("ALTER TABLE heir NO INHERIT") });
    expect(await compareTarget(database.db, contract)).toEqual([]);
  });
});
