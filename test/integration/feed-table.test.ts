import { sql } from "kysely";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import type { Feed } from "../../etl/core/contract/contract";
import type { Database } from "../../etl/core/database/database";
import { DatabaseError } from "../../etl/core/errors";
import { checkTable } from "../../etl/feeds/doctor/database-checks";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import { compareTarget } from "../../etl/feeds/target/compare-target";
import { makeTables, requireTarget } from "../../etl/feeds/target/prepare-tables";
import { MemoryRangedObjects } from "../support/fakes/memory-ranged-objects";
import { csvOf, forget, reading, readings, run } from "../support/models/feeds/feed-run";

describe("the table of a contract", () => {
  let database: Database<FeedTables>;
  const execute = (text: string) => sql.raw(text).execute(database.db);
  const prepareTables = async (db: Database<FeedTables>["db"], contract: Feed) => {
    await makeTables(db, contract);
    await requireTarget(db, contract, false);
  };

  beforeAll(async () => {
    database = await openPglite<FeedTables>();
  });
  beforeEach(() => forget(database, readings));
  afterAll(() => database.close());

  test("is made once, and then is what the contract describes", async () => {
    await prepareTables(database.db, readings);
    await prepareTables(database.db, readings);

    expect(await compareTarget(database.db, readings)).toEqual([]);
  });

  test("that is there is taken where it holds all that the contract has, and more", async () => {
    await execute(`create table readings (id bigint generated always as identity, meter varchar, at timestamptz,
      value numeric, count bigint, total bigint, day date, valid boolean, note text, extra text,
      source_object bigint, source_offset bigint, unique (at, meter))`);
    const objects = new MemoryRangedObjects();
    objects.put("a", csvOf(reading("m1")));

    expect(await run(database, { contract: readings, objects })).toMatchObject({ inserted: 1 });
  });

  test("that is there is refused with every difference, and is taken once its SQL was run", async () => {
    await execute(`create table readings (meter text, at timestamp not null, value numeric(10,1), count integer not null,
      total bigint, day date, valid boolean, extra text not null)`);

    const differences = await compareTarget(database.db, readings);
    const refused = prepareTables(database.db, readings);

    expect(differences.map(({ what }) => what)).toEqual([
      "at is timestamp without time zone, not timestamp with time zone",
      "value is numeric(10,1), not numeric(10,2)",
      "count does not allow NULL",
      "no column note",
      "no column source_object",
      "no column source_offset",
      "extra needs a value that the contract does not have",
      "no unique index on exactly meter, at",
    ]);
    await expect(refused).rejects.toThrow(DatabaseError);
    await expect(refused).rejects.toThrow(/no column note; .*ALTER TABLE "readings" ADD COLUMN "note" text;/);
    for (const difference of differences) await execute(difference.sql);
    await prepareTables(database.db, readings);
  });

  test("is fixed by SQL that names its cost for a large table, and has NOT NULL if possible", async () => {
    await execute(
      "create table readings (meter varchar(9), at timestamp, total bigint, day date, valid boolean, note text)",
    );
    const advice = async () => (await compareTarget(database.db, readings)).map((difference) => difference.sql);

    const ofNone = await advice();
    await execute("insert into readings (meter, at) values ('m1', now())");
    const ofSome = await advice();
    await execute("drop table readings");
    await execute(`create table readings (meter text, at timestamptz, value numeric, count integer, total bigint, day date,
      valid boolean, note text, source_object bigint, source_offset bigint) partition by hash (meter)`);
    await execute("create table readings_all partition of readings for values with (modulus 1, remainder 0)");
    const ofParts = await advice();

    expect(ofNone).toEqual([
      'ALTER TABLE "readings" ALTER COLUMN "meter" TYPE text USING "meter"::text;',
      expect.stringMatching(
        /"at" TYPE timestamp with time zone USING .* \/\* takes each time as one .*; rewrites the whole table, .*\*\/;$/,
      ),
      'ALTER TABLE "readings" ADD COLUMN "value" numeric(10,2) NOT NULL;',
      'ALTER TABLE "readings" ADD COLUMN "count" integer;',
      ...["source_object", "source_offset"].map((name) => `ALTER TABLE "readings" ADD COLUMN "${name}" bigint;`),
      expect.stringMatching(
        /^CREATE UNIQUE INDEX ON "readings" \("meter", "at"\) .*CREATE UNIQUE INDEX CONCURRENTLY .*;$/,
      ),
    ]);
    expect(ofSome[2]).toBe(
      'ALTER TABLE "readings" ADD COLUMN "value" numeric(10,2) /* SET NOT NULL once each row has a value */;',
    );
    expect(ofParts).toEqual([
      'CREATE UNIQUE INDEX ON "readings" ("meter", "at") /* the table cannot be written meanwhile */;',
    ]);
    for (const statement of ofParts) await execute(statement);
    expect(await advice()).toEqual([]);
  });

  test("has an identity, which does not allow NULL: it is dropped if the contract has NULL", async () => {
    await prepareTables(database.db, readings);
    await execute("alter table readings alter count set not null, alter count add generated by default as identity");

    const differences = await compareTarget(database.db, readings);
    for (const difference of differences) await execute(difference.sql);

    expect(differences.map(({ what }) => what)).toEqual(["count does not allow NULL"]);
    expect(await compareTarget(database.db, readings)).toEqual([]);
  });

  test("has columns that the database generates: refused, and accepted after its SQL was run", async () => {
    await prepareTables(database.db, readings);
    await execute(`alter table readings drop column total, alter count set not null,
      alter count add generated always as identity, add column total numeric generated always as (count * 2) stored`);
    const objects = new MemoryRangedObjects();
    objects.put("a", csvOf(reading("m1")));

    const differences = await compareTarget(database.db, readings);
    for (const difference of differences) await execute(difference.sql);

    expect(differences.map(({ what }) => what)).toEqual([
      "count is generated by the database",
      "count does not allow NULL",
      "total is generated by the database",
    ]);
    expect(await run(database, { contract: readings, objects })).toMatchObject({ inserted: 1 });
  });

  describe("has columns of other types", () => {
    const contract: Feed = {
      name: "fits",
      table: "fits",
      key: ["id"],
      columns: {
        id: { type: "bigint", min: 0, max: 32_767 },
        code: { type: "text", max: 3 },
        size: { type: "text", oneOf: ["S", "M"] },
        free: { type: "text" },
        facts: { type: "json" },
        ratio: { type: "double" },
        at: { type: "timestamp" },
        one: { type: "uuid" },
        money: { type: "numeric", precision: 5, scale: 2 },
      },
    };
    const make = (changes: Readonly<Record<string, string>>) => {
      const types = {
        ...{ id: "smallint", code: "varchar(3)", size: "size", free: "varchar", facts: "jsonb" },
        ...{ ratio: "double precision", at: "timestamp", one: "uuid", money: "numeric(9,3)", ...changes },
      };
      const columns = Object.entries(types).map(([name, type]) => `${name} ${type}`);
      return execute(`create table fits (${columns.join()}, source_object bigint, source_offset bigint, unique (id))`);
    };

    beforeEach(async () => {
      for (const made of [
        "table if exists fits",
        "domain if exists sized",
        "type if exists size",
        "domain if exists short",
        "domain if exists code",
      ]) {
        await execute(`drop ${made}`);
      }
      await execute("create type size as enum ('S', 'M', 'L')");
      await execute("create domain sized as size");
      await execute("create domain code as varchar(3) check (value <> 'no')");
      await execute("create domain short as code not null");
    });

    test.each<[string, Readonly<Record<string, string>>]>([
      ["that hold each value of the contract", {}],
      ["whose domains do", { code: "short", id: "integer" }],
    ])("%s: taken", async (_what, changes) => {
      await make(changes);
      expect(await compareTarget(database.db, contract)).toEqual([]);
    });

    test.each<[Readonly<Record<string, string>>, RegExp]>([
      [
        { code: "varchar(2)" },
        /^code is character varying\(2\), and the contract allows 3 characters: set max: 2 in it$/,
      ],
      [{ free: "varchar(9)" }, /^free is character varying\(9\), and the contract has no max: set max: 9 in it$/],
      [{ free: "char(9)" }, /^free is character\(9\), not text$/],
      [
        { free: "size" },
        /^free is the enum size, and the contract allows any text: set oneOf: \["S", "M", "L"\] in the contract$/,
      ],
      [{ size: "sized" }, /^size is the domain sized over the enum size, for which PostgreSQL has no comparison$/],
      [{ size: "bool" }, /^size is boolean, not text$/],
      [{ free: "code" }, /^free is character varying\(3\), and the contract has no max/],
      [{ facts: "json" }, /^facts is json, which has no equality/],
      [{ ratio: "real" }, /^ratio is real, not double precision$/],
      [{ at: "timestamptz" }, /^at is timestamp with time zone, not timestamp without time zone$/],
      [{ at: "timestamp(0)" }, /^at is timestamp\(0\) without time zone/],
      [{ one: "text" }, /^one is text, not uuid$/],
      [{ money: "numeric(9,1)" }, /^money is numeric\(9,1\), not numeric\(5,2\)$/],
    ])("%j: refused, and taken once its SQL was run", async (changes, what) => {
      await make(changes);

      const differences = await compareTarget(database.db, contract);
      const doctor = await checkTable(database.db, contract);

      expect(differences.map((difference) => difference.what)).toEqual([expect.stringMatching(what)]);
      expect(doctor).toMatchObject({ ok: false, detail: expect.stringMatching(what) });
      if (changes.size === "bool") return;
      for (const difference of differences) await execute(difference.sql);
      expect(await compareTarget(database.db, contract)).toEqual([]);
    });
  });

  test("that was dropped is a difference, too, with the statement that makes it", async () => {
    await prepareTables(database.db, readings);
    await execute("drop table readings");

    const [difference] = await compareTarget(database.db, readings);
    await execute(difference?.sql ?? "");

    expect(difference?.what).toBe("there is no table readings");
    expect(await compareTarget(database.db, readings)).toEqual([]);
  });

  test("is created if another contract of the same name has another one, and announced by the doctor", async () => {
    const [first, second] = ["trial_1", "trial_2"].map((table) => ({ ...readings, name: "trial", table }));
    if (first === undefined || second === undefined) throw new Error("no contracts");
    const objects = new MemoryRangedObjects();
    objects.put("a", csvOf(reading("m1")));
    await run(database, { contract: first, objects });

    const doctor = await checkTable(database.db, second);
    const summary = await run(database, { contract: second, objects });
    await execute("drop table trial_2");
    const dropped = run(database, { contract: second, objects });

    expect(doctor).toEqual({ name: "table", ok: true, detail: "the first run creates trial_2" });
    expect(summary).toMatchObject({ inserted: 1 });
    await expect(dropped).rejects.toThrow(/there is no table trial_2.*Run: create table/);
    await execute("drop table trial_1, millrace_migration_import_trial");
  });

  test("may be in a schema of its own", async () => {
    await execute("drop schema if exists raw cascade");
    await execute("create schema raw");
    const contract: Feed = { ...readings, name: "raw_readings", table: "raw.readings" };
    const objects = new MemoryRangedObjects();
    objects.put("a", csvOf(reading("m1")));

    expect(await run(database, { contract, objects })).toMatchObject({ inserted: 1 });
    expect(await checkTable(database.db, contract)).toMatchObject({ ok: true });
  });
});
