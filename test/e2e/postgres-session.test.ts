import { sql } from "kysely";
import { openPostgres } from "../../etl/adapters/postgres";
import type { CovidTables } from "../../etl/pipelines/covid/tables";
import { checkImport } from "../../etl/pipelines/import/doctor";
import type { PostgresServer } from "../../scripts/cloud/postgres-server";
import { CASES_HEADER, emptyDatabase, runCovidOn } from "../support/covid-run";
import { csvOf, reading, readings } from "../support/import-run";
import { MemoryRangedObjects } from "../support/memory-ranged-objects";
import { pgbouncerMissing, startPgbouncer } from "../support/pgbouncer";
import { postgresMissing, startPostgres } from "../support/postgres";
import { describeUnless } from "../support/real-data";

const few = [CASES_HEADER, "2020-09-30,1,0"].join("\n");

describeUnless(postgresMissing, "a session of PostgreSQL", () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.remove());

  const doctor = async (url: string) => {
    const objects = new MemoryRangedObjects();
    objects.put("a", csvOf(reading("m1")));
    const checks = await checkImport({ contract: readings, objects, openDatabase: () => openPostgres(url) });
    return checks.filter(({ ok }) => !ok);
  };

  test.each([
    ["LATIN1", "C"],
    ["SQL_ASCII", "C"],
  ])("of a database in %s is refused by name, by the doctor as well", async (encoding, locale) => {
    const name = encoding.toLowerCase();
    await server.query(
      "postgres",
      `create database ${name} encoding '${encoding}' locale '${locale}' template template0`,
    );

    await expect(openPostgres(server.url(name))).rejects.toThrow(
      new RegExp(`not in UTF-8: got encoding ${encoding}.*ENCODING`),
    );
    expect(await doctor(server.url(name))).toEqual([
      expect.objectContaining({ fix: expect.stringContaining("ENCODING") }),
    ]);
  });

  test.each([
    "DateStyle = 'German'",
    "DateStyle = 'SQL, DMY'",
    "IntervalStyle = 'sql_standard'",
    "client_encoding = 'LATIN1'",
  ])("whose user has %s says the same as any", async (setting) => {
    await server.query("postgres", `alter role postgres set ${setting}`);
    const database = await openPostgres<CovidTables>(server.url());
    try {
      await emptyDatabase(database);

      const report = await runCovidOn(database, few);

      const { rows } = await sql<{ text: string }>`select 'é€' as text`.execute(database.db);
      expect(rows).toEqual([{ text: "é€" }]);
      expect(report).toMatchObject({ status: "succeeded", inserted: 1, newest: { date: "2020-09-30" } });
      const run = await database.db.selectFrom("etl_run").select("started").executeTakeFirstOrThrow();
      expect(Math.abs(Date.now() - run.started.getTime())).toBeLessThan(60_000);
    } finally {
      await database.close();
      await server.query("postgres", "alter role postgres reset all");
    }
  });

  describeUnless(pgbouncerMissing, "behind pgbouncer", () => {
    test.each([
      ["transaction", []],
      ["transaction", ["server_round_robin = 1"]],
      ["transaction", ["default_pool_size = 1"]],
      ["statement", []],
    ])("in %s mode (%j) is refused with the way out, by the doctor as well", async (mode, settings) => {
      const pooler = await startPgbouncer(server, [`pool_mode = ${mode}`, ...settings]);
      try {
        // So that the pool has several sessions to give.
        await openPostgres(pooler.url).catch(() => undefined);

        await expect(openPostgres(pooler.url)).rejects.toThrow(/pooler.*shares sessions.*pool_mode = session/);
        expect(await doctor(pooler.url)).toEqual([
          expect.objectContaining({ fix: expect.stringContaining("session mode") }),
        ]);
        const held = await server.query("postgres", "select 1 from pg_locks where locktype = 'advisory'");
        expect(held).toEqual([]);
      } finally {
        await pooler.stop();
      }
    });

    test.each([[[]], [["default_pool_size = 1"]]])("in session mode (%j) is taken", async (settings) => {
      const pooler = await startPgbouncer(server, ["pool_mode = session", ...settings]);
      try {
        const database = await openPostgres<CovidTables>(pooler.url, { connectTimeoutMs: 1_000 });
        await emptyDatabase(database);
        expect(await runCovidOn(database, few)).toMatchObject({ inserted: 1 });
        await database.close();
      } finally {
        await pooler.stop();
      }
    });
  });
});
