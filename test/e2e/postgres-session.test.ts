import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { openPostgres } from "../../etl/adapters/postgres/postgres";
import type { Database } from "../../etl/core/database/database";
import type { Source } from "../../etl/core/ports";
import { diagnoseFeed } from "../../etl/feeds/doctor/doctor";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import type { CovidTables } from "../../etl/pipelines/covid/tables";
import type { PostgresServer } from "../../scripts/cloud/postgres-server";
import { MemoryRangedObjects } from "../support/fakes/memory-ranged-objects";
import { bytesOf } from "../support/files/bytes";
import { describeUnless } from "../support/files/real-data";
import {
  CASES_HEADER,
  emptyDatabase,
  RECOVERIES_HEADER,
  recoveryRow,
  runCovidOn,
  sourceOf,
} from "../support/models/covid-run";
import { csvOf, reading, readings, run } from "../support/models/feeds/feed-run";
import { ledgerBefore } from "../support/models/feeds/older-ledger";
import { pgbouncerMissing, startPgbouncer } from "../support/servers/pgbouncer";
import { postgresMissing, startPostgres } from "../support/servers/postgres";

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
    const checks = await diagnoseFeed({ contract: readings, objects, openDatabase: () => openPostgres(url) });
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
    "quote_all_identifiers = on",
  ])("whose user has %s says the same as any", async (setting) => {
    await server.query("postgres", `alter role postgres set ${setting}`);
    const database = await openPostgres<CovidTables & FeedTables>(server.url());
    const objects = new MemoryRangedObjects();
    objects.put("a", csvOf(reading("m1")));
    try {
      await emptyDatabase(database as unknown as Database<CovidTables>);

      const report = await runCovidOn(database as unknown as Database<CovidTables>, few);
      const imported = await run(database as unknown as Database<FeedTables>, { contract: readings, objects });

      const { rows } = await sql<{ text: string }>`select 'é€' as text`.execute(database.db);
      expect(rows).toEqual([{ text: "é€" }]);
      expect(report).toMatchObject({ status: "succeeded", inserted: 1, newest: { date: "2020-09-30" } });
      expect(imported).toMatchObject({ inserted: 1 });
      const ledger = await database.db.selectFrom("etl_run").select("started").executeTakeFirstOrThrow();
      expect(Math.abs(Date.now() - ledger.started.getTime())).toBeLessThan(60_000);
    } finally {
      await database.close();
      await server.query("postgres", "alter role postgres reset all");
    }
  });

  describe("with time-outs of its own", () => {
    let database: Database<CovidTables & FeedTables>;
    const execute = async (...statements: readonly string[]) => {
      for (const statement of statements) await sql.raw(statement).execute(database.db);
    };
    const covid = (options = {}) => runCovidOn(database as unknown as Database<CovidTables>, few, undefined, options);
    const objects = new MemoryRangedObjects();
    objects.put("a", csvOf(reading("m1")));
    const runFeedHere = () => run(database as unknown as Database<FeedTables>, { contract: readings, objects });
    /** As if a newer version were about to run for the first time. */
    const isDue: Readonly<Record<string, readonly string[]>> = {
      etl_run: [
        "alter table etl_run drop column dropped, drop column superseded, drop column mended_by, drop column removed, drop column undoes, drop column code, drop column result",
        "drop table mended_row, rejected_header, load_history, inserted_key, removed_row",
        "alter table revision drop column load",
        "delete from millrace_migration_core where name >= '003-dropped-records'",
      ],
      import_chunk: ledgerBefore("007-rejected-objects"),
    };

    beforeEach(async () => {
      database = await openPostgres(server.url());
      await emptyDatabase(database as unknown as Database<CovidTables>);
    });
    afterEach(() => database.close());

    test.each([
      [
        "covid",
        "etl_run",
        "lock_timeout",
        /core 003-dropped-records failed.*lock timeout.*end that session, or raise lock_t/,
      ],
      [
        "covid",
        "etl_run",
        "statement_timeout",
        /core 003-dropped-records failed.*Raise statement_timeout for this user/,
      ],
      [
        "import",
        "etl_run",
        "lock_timeout",
        /core 003-dropped-records failed.*lock timeout.*end that session, or raise lock_t/,
      ],
      [
        "import",
        "import_chunk",
        "statement_timeout",
        /import 007-rejected-objects failed.*Raise statement_timeout for this user/,
      ],
    ])(
      "a migration of %s that waits for %s too long by its %s is told with what to do",
      async (pipeline, table, setting, message) => {
        // Prepare
        const start = pipeline === "covid" ? covid : runFeedHere;
        await start();
        await execute(...(isDue[table] ?? []), `set ${setting} = '800ms'`);
        const other = await openPostgres<CovidTables>(server.url());
        const holding = await other.db.startTransaction().execute();
        await sql`lock table ${sql.table(table)} in access share mode`.execute(holding);

        // Act
        const waited = start();

        // Assess
        await expect(waited)
          .rejects.toThrow(message)
          .finally(() => holding.rollback().execute());
        await other.close();
        await expect(waited).rejects.not.toThrow("GRANT");
        await execute(`reset ${setting}`);
        expect(await start()).toMatchObject(pipeline === "covid" ? { unchanged: 1 } : { chunks: 0 });
      },
    );

    test("a transaction that waits too long for a source is reported as that, and the ledger says it failed", async () => {
      // Prepare
      await execute("set idle_in_transaction_session_timeout = '800ms'");
      const recoveries = [RECOVERIES_HEADER, recoveryRow("2020-09-30", 1)].join("\n");
      const slow: Source = {
        ...sourceOf("recoveries", recoveries),
        open: async () => {
          await sleep(2_000);
          return bytesOf(recoveries, 65_536);
        },
      };

      // Act
      const waited = covid({ fetch: async () => [sourceOf("cases", few), slow] });

      // Assess
      await expect(waited).rejects.toThrow(
        /waited too long for the next statement.*Raise idle_in_transaction_session_timeout, or use faster sources/,
      );
      const [ledger] = await server.query("postgres", "select status, error from etl_run");
      expect(ledger).toEqual(
        expect.objectContaining({ status: "failed", error: expect.stringContaining("waited too long") }),
      );
    });
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
