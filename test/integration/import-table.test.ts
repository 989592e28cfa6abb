import { sql } from "kysely";
import { openPglite } from "../../etl/adapters/pglite";
import type { Database } from "../../etl/core/database";
import { DatabaseError } from "../../etl/core/errors";
import { compareTarget } from "../../etl/pipelines/import/compare-target";
import type { ImportContract } from "../../etl/pipelines/import/contract";
import { checkClock, checkPrivileges, checkTable } from "../../etl/pipelines/import/database-checks";
import { checkImport, PreflightError, requireWell } from "../../etl/pipelines/import/doctor";
import { makeTables, requireTarget } from "../../etl/pipelines/import/prepare-tables";
import type { ImportTables } from "../../etl/pipelines/import/tables";
import { csvOf, forget, reading, readings, run } from "../support/import-run";
import { MemoryRangedObjects } from "../support/memory-ranged-objects";

describe("the table of a contract", () => {
  let database: Database<ImportTables>;
  const execute = (text: string) => sql.raw(text).execute(database.db);
  const prepareTables = async (db: Database<ImportTables>["db"], contract: ImportContract) => {
    await makeTables(db, contract);
    await requireTarget(db, contract, false);
  };

  beforeAll(async () => {
    database = await openPglite<ImportTables>();
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
      "count takes no NULL",
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

  test("has columns that the database fills itself: refused, and taken once its SQL was run", async () => {
    await prepareTables(database.db, readings);
    await execute(`alter table readings drop column total, alter count set not null,
      alter count add generated always as identity, add column total numeric generated always as (count * 2) stored`);
    const objects = new MemoryRangedObjects();
    objects.put("a", csvOf(reading("m1")));

    const differences = await compareTarget(database.db, readings);
    for (const difference of differences) await execute(difference.sql);

    expect(differences.map(({ what }) => what)).toEqual([
      "the database fills count itself",
      "count takes no NULL",
      "the database fills total itself",
      "total is numeric, not bigint",
    ]);
    expect(await run(database, { contract: readings, objects })).toMatchObject({ inserted: 1 });
  });

  test("that was dropped is a difference, too, with the statement that makes it", async () => {
    await prepareTables(database.db, readings);
    await execute("drop table readings");

    const [difference] = await compareTarget(database.db, readings);
    await execute(difference?.sql ?? "");

    expect(difference?.what).toBe("there is no table readings");
    expect(await compareTarget(database.db, readings)).toEqual([]);
  });

  test("may be in a schema of its own", async () => {
    await execute("drop schema if exists raw cascade");
    await execute("create schema raw");
    const contract: ImportContract = { ...readings, name: "raw_readings", table: "raw.readings" };
    const objects = new MemoryRangedObjects();
    objects.put("a", csvOf(reading("m1")));

    expect(await run(database, { contract, objects })).toMatchObject({ inserted: 1 });
    expect(await checkTable(database.db, contract)).toMatchObject({ ok: true });
  });

  describe("and the doctor", () => {
    const borrowed = async () => ({ db: database.db, close: async () => undefined });
    const doctor = (changes: Partial<Parameters<typeof checkImport>[0]> = {}) => {
      const objects = new MemoryRangedObjects();
      objects.put("a", csvOf(reading("m1")));
      return checkImport({ contract: readings, objects, openDatabase: borrowed, timeoutMs: 500, ...changes });
    };
    const failing = (checks: Awaited<ReturnType<typeof doctor>>) => checks.filter(({ ok }) => !ok);

    test("finds all well before and after the first run, and writes nothing", async () => {
      const before = await doctor({ readSecret: async () => ({}) });

      expect(before.map(({ name }) => name).join()).toBe("objects,secret,network,tls,login,privileges,table,clock");
      expect(failing(before)).toEqual([]);
      expect(() => requireWell(before)).not.toThrow();
      const { rows } = await sql`select to_regclass('readings') as made`.execute(database.db);
      expect(rows).toEqual([{ made: null }]);
    });

    test("tells a table that does not fit, with the SQL that mends it", async () => {
      await execute("create table readings (meter text, at timestamptz, primary key (meter, at))");

      const checks = await doctor();

      expect(failing(checks)).toEqual([
        expect.objectContaining({ name: "table", fix: expect.stringContaining('ADD COLUMN "value" numeric(10,2)') }),
      ]);
      expect(() => requireWell(checks)).toThrow(PreflightError);
      expect(() => requireWell(checks)).toThrow(/its table failed: got no column value.*ALTER TABLE/);
    });

    test("tells rules that rewrite what is written, with the SQL that takes them away", async () => {
      await run(database, { contract: readings, objects: new MemoryRangedObjects() });
      await execute("create rule gone as on insert to readings do instead nothing");

      const checks = await doctor();

      expect(failing(checks)).toEqual([
        expect.objectContaining({ name: "table", fix: expect.stringContaining('DROP RULE "gone" ON "readings"') }),
      ]);
    });

    test("tells what the user may not do, with the GRANT", async () => {
      await execute("drop role if exists reader");
      await execute("create role reader");
      await execute("create table readings (meter text)");
      try {
        await execute("set role reader");

        const check = await checkPrivileges(database.db, readings);

        expect(check).toMatchObject({ ok: false, detail: "reader may not" });
        expect(check.fix).toContain('GRANT CREATE ON SCHEMA "public" TO "reader";');
        expect(check.fix).toContain('GRANT SELECT, INSERT, UPDATE ON "readings" TO "reader";');
      } finally {
        await execute("reset role");
      }
    });

    test("tells a clock that is off", async () => {
      const ahead = await checkClock(database.db, () => Date.now() + 120_000);
      const behind = await checkClock(database.db, () => Date.now() - 3_600_000);

      expect(ahead).toMatchObject({ ok: false, detail: expect.stringMatching(/1[12]\d s ahead/) });
      expect(behind).toMatchObject({
        ok: false,
        detail: expect.stringContaining("behind"),
        fix: expect.stringContaining("NTP"),
      });
    });

    const named = (name: string, message = name) => Object.assign(new Error(message), { name });
    const coded = (code: string, message = code) => Object.assign(new Error(message), { code });

    test.each([
      ["objects", named("TimeoutError", "socket timed out"), /gateway endpoint for S3/],
      ["objects", named("AccessDenied"), /s3:ListBucket/],
      ["objects", named("RequestTimeTooSkewed"), /clock/],
      ["objects", named("NoSuchBucket"), /name of the bucket/],
      ["secret", named("TimeoutError", "connect timed out"), /interface endpoint for Secrets Manager/],
      ["secret", named("AccessDeniedException"), /secretsmanager:GetSecretValue/],
      ["secret", named("ResourceNotFoundException"), /ARN/],
      ["network", coded("ETIMEDOUT"), /security group/],
      ["network", new Error("timeout expired"), /security group/],
      ["network", coded("ENOTFOUND"), /host/],
      ["network", coded("ECONNREFUSED"), /port/],
      [
        "tls",
        coded("SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in certificate chain"),
        /NODE_EXTRA_CA_CERTS/,
      ],
      ["tls", coded("ERR_TLS_CERT_ALTNAME_INVALID", "altnames"), /certificate/],
      ["login", coded("28P01", "password authentication failed"), /password/],
      ["login", coded("3D000", "no such database"), /database's name/],
    ])("tells what to do about %s: %s", async (name, error, fix) => {
      const throwing = async () => {
        throw error;
      };
      class FailingObjects extends MemoryRangedObjects {
        override list(): never {
          throw error;
        }
      }
      const ports = {
        objects: { objects: new FailingObjects() },
        secret: { readSecret: throwing },
        ...{ network: { openDatabase: throwing }, tls: { openDatabase: throwing }, login: { openDatabase: throwing } },
      }[name];

      const checks = await doctor(ports);

      expect(failing(checks).map((check) => check.name)).toEqual([name]);
      expect(failing(checks)[0]?.fix).toMatch(fix);
    });

    test("does not wait for what hangs", async () => {
      const checks = await doctor({ readSecret: () => new Promise(() => undefined), timeoutMs: 50 });

      expect(failing(checks)[0]).toMatchObject({ name: "secret", fix: expect.stringContaining("interface endpoint") });
    });
  });
});
