import { sql } from "kysely";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import { checkClock, checkPrivileges } from "../../etl/feeds/doctor/database-checks";
import { diagnoseFeed, PreflightError, requirePassed } from "../../etl/feeds/doctor/doctor";
import { MemoryRangedObjects } from "../support/fakes/memory-ranged-objects";
import { csvOf, forget, reading, readings, run } from "../support/models/feeds/feed-run";
import { describeFeed } from "../support/suites/feeds/describe-feed";

describeFeed("the doctor of a feed", openPglite, ({ database }) => {
  const execute = (text: string) => sql.raw(text).execute(database.db);
  const borrowed = async () => ({ db: database.db, close: async () => undefined });
  const doctor = (changes: Partial<Parameters<typeof diagnoseFeed>[0]> = {}) => {
    const objects = new MemoryRangedObjects();
    objects.put("a", csvOf(reading("m1")));
    return diagnoseFeed({ contract: readings, objects, openDatabase: borrowed, timeoutMs: 500, ...changes });
  };
  const failing = (checks: Awaited<ReturnType<typeof doctor>>) => checks.filter(({ ok }) => !ok);

  // Before the first run nothing is there, the ledger neither.
  beforeEach(() => forget(database, readings));

  test("finds all well before and after the first run, and writes nothing", async () => {
    const before = await doctor({ readSecret: async () => ({}) });

    expect(before.map(({ name }) => name).join()).toBe("objects,secret,network,tls,login,privileges,table,clock");
    expect(failing(before)).toEqual([]);
    expect(() => requirePassed(before)).not.toThrow();
    const { rows } = await sql`select to_regclass('readings') as made`.execute(database.db);
    expect(rows).toEqual([{ made: null }]);
  });

  test("reports a table that does not fit, with the SQL that fixes it", async () => {
    await execute("create table readings (meter text, at timestamptz, primary key (meter, at))");

    const checks = await doctor();

    expect(failing(checks)).toEqual([
      expect.objectContaining({ name: "table", fix: expect.stringContaining('ADD COLUMN "value" numeric(10,2)') }),
    ]);
    expect(() => requirePassed(checks)).toThrow(PreflightError);
    expect(() => requirePassed(checks)).toThrow(/its table failed: got no column value.*ALTER TABLE/);
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
    ["tls", coded("SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in certificate chain"), /NODE_EXTRA_CA_CERTS/],
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
