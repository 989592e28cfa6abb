import { Client } from "pg";
import { openPostgres } from "../../etl/adapters/postgres/postgres";
import { openPostgresReader, readPostgres } from "../../etl/adapters/postgres/reader";
import type { Database } from "../../etl/core/database/database";
import { covidSeries } from "../../etl/pipelines/covid/report-series";
import type { CovidTables } from "../../etl/pipelines/covid/tables";
import { readReport } from "../../etl/report/read-report";
import type { PostgresServer } from "../../scripts/cloud/postgres-server";
import { describeUnless } from "../support/files/real-data";
import { CASES_HEADER, runCovidOn } from "../support/models/covid-run";
import { postgresMissing, startPostgres } from "../support/servers/postgres";

const DAYS = [CASES_HEADER, "2020-01-21,1,0", "2020-01-22,2,0"].join("\n");
const RUN_LOCK = "select count(*)::int as held from pg_locks where locktype = 'advisory'";
const OWNER = "feeds";

describeUnless(postgresMissing, "what a person asks of PostgreSQL", () => {
  let server: PostgresServer;
  let database: Database<CovidTables>;

  beforeAll(async () => {
    server = await startPostgres();
    // As RDS's master user: no superuser.
    await server.query("postgres", `create role ${OWNER} login createdb createrole password 'p'`);
    await server.query("postgres", `create database warehouse owner ${OWNER}`);
    await server.query("warehouse", "create extension dblink");
    await server.query("warehouse", "create table foreign_table as select 'secret' as word");
    database = await openPostgres<CovidTables>(as(OWNER, "warehouse"));
    await runCovidOn(database, DAYS);
  });
  afterAll(async () => {
    await database?.close();
    await server?.remove();
  });

  const as = (user: string, name: string) => {
    const url = new URL(server.url(name));
    url.username = user;
    url.password = "p";
    return url.href;
  };
  const ask = (statement: string, limits?: { readonly rows: number; readonly bytes: number }) =>
    readPostgres(database, as(OWNER, "warehouse"), statement, { limits });
  const refusal = (statement: string): Promise<Error> =>
    ask(statement).then(
      (result) => Promise.reject(new Error(`it gave ${JSON.stringify(result)}`)),
      (error) => error,
    );
  const days = async () => (await server.query("warehouse", "select * from covid_daily order by date")).length;

  test("is answered as PostgreSQL writes it", async () => {
    const result = await ask(
      "select date, cases, recoveries, '{\"a\": 1.50}'::json as j, 0.10::numeric as n from covid_daily order by 1",
    );

    expect(result).toEqual({
      columns: ["date", "cases", "recoveries", "j", "n"],
      rows: [
        ["2020-01-21", "1", "0", '{"a": 1.50}', "0.10"],
        ["2020-01-22", "2", null, '{"a": 1.50}', "0.10"],
      ],
    });
  });

  test("reads the ledger, tables that are made later, and its columns where two have one name or no row is there", async () => {
    await server.query("warehouse", "drop table if exists later");
    const owner = new Client({ connectionString: as(OWNER, "warehouse") });
    await owner.connect();
    await owner.query("create table later as select 7 as n");
    await owner.end();

    const runs = await ask("select status, inserted from etl_run");
    const later = await ask("select n, n from later");
    const none = await ask("select run, reason from rejected_row");

    expect(runs.rows).toEqual([["succeeded", "2"]]);
    expect(later).toEqual({ columns: ["n", "n"], rows: [["7", "7"]] });
    expect(none).toEqual({ columns: ["run", "reason"], rows: [] });
  });

  test("is cut at a number of rows, of bytes, and before one value that is larger than all", async () => {
    const rows = await ask("select generate_series(1, 1000000000) as n", { rows: 3, bytes: 1_000 });
    const bytes = await ask("select repeat('ö', 100), generate_series(1, 1000000000)", { rows: 1_000, bytes: 450 });
    const whole = await ask("select 1", { rows: 1, bytes: 100 });
    const huge = await refusal("select repeat('x', 200000000) as x");

    expect(rows).toEqual({ columns: ["n"], rows: [["1"], ["2"], ["3"]], cut: "rows" });
    expect(bytes).toMatchObject({
      cut: "bytes",
      rows: [
        [expect.stringMatching(/^ö{100}$/), "1"],
        [expect.anything(), "2"],
      ],
    });
    expect(whole.cut).toBeUndefined();
    expect(huge.message).toMatch(/one value is larger than 16 MB/);
  });

  test.each([
    ["a write", "delete from covid_daily", /permission denied|read-only transaction/],
    [
      "a write in a CTE",
      "with gone as (delete from covid_daily returning 1) select * from gone",
      /read-only|permission/,
    ],
    ["a table of its own", "create table mine (n int)", /read-only transaction/],
    ["a temporary table", "create temp table mine (n int)", /read-only transaction/],
    ["a function", "create function f() returns int language sql as 'select 1'", /read-only transaction/],
    ["two statements", "select 1; delete from covid_daily", /multiple commands/],
    ["two statements by ending the transaction", "commit; delete from covid_daily", /multiple commands/],
    ["a program", "copy covid_daily to program 'cat'", /permission denied.*superuser|pg_execute_server_program/s],
    ["a file that is written", "copy covid_daily to '/tmp/millrace-reader'", /pg_write_server_files|superuser/],
    ["a file that is read", "select pg_read_file('/etc/passwd')", /permission denied for function/],
    ["a directory", "select pg_ls_dir('/')", /permission denied for function/],
    ["another server", "select * from dblink('dbname=warehouse', 'delete from covid_daily') as t(n int)", /password/],
    ["another role", `set role ${OWNER}`, /permission denied to set role/],
    ["another session", `set session authorization ${OWNER}`, /permission denied to set session/],
    ["a password of its own", "alter role millrace_reader password 'x'", /read-only transaction/],
    ["a setting for good", "alter role millrace_reader set statement_timeout = 0", /read-only transaction/],
    ["a transaction that writes", "set transaction read write", /must be set before any query/],
    [
      "a transaction that writes, from within",
      "select set_config('transaction_read_only', 'off', true)",
      /must be set before any query/,
    ],
    [
      "a write by way of another role, from within",
      `select set_config('role', '${OWNER}', true), query_to_xml('delete from covid_daily returning 1', true, true, '')`,
      /permission denied to set role/,
    ],
    [
      "a write by way of text",
      "select query_to_xml('delete from covid_daily', true, true, '')",
      /not allowed in a non-volatile function/,
    ],
    ["a commit in a block", "do $$ begin commit; delete from covid_daily; end $$", /invalid transaction termination/],
    ["a lock on a table", "lock table covid_daily in share mode", /permission denied/],
    ["rows kept for itself", "select * from covid_daily for update", /permission denied|read-only/],
    ["a table of others", "select * from foreign_table", /permission denied for table foreign_table/],
    ["passwords", "select rolpassword from pg_authid", /permission denied/],
    [
      "the end of other sessions",
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${OWNER}'`,
      /must be a (member|superuser)/,
    ],
  ])("is refused %s", async (_, statement, reason) => {
    const error = await refusal(statement);

    expect(error.message).toMatch(reason);
    expect(error.name).toBe("StatementError");
    expect(await days()).toBe(2);
  });

  test.each([
    "commit",
    "rollback",
    "reset role",
    "set statement_timeout = 0",
    "set default_transaction_read_only = off",
  ])("is harmless as %s: nothing comes after it in the session", async (statement) => {
    await ask(statement);

    await expect(refusal("delete from covid_daily")).resolves.toMatchObject({
      message: expect.stringMatching(/permission|read-only/),
    });
    expect(await days()).toBe(2);
  });

  test("is ended when it takes too long, though it says that it may", async () => {
    await server.query("postgres", "alter role millrace_reader in database warehouse set statement_timeout = '1s'");
    const plain = await refusal("select pg_sleep(60)");
    const sly = await refusal("select set_config('statement_timeout', '0', false), pg_sleep(60)");
    await server.query("postgres", "alter role millrace_reader in database warehouse reset statement_timeout");

    expect([plain.message, sly.message]).toEqual([
      expect.stringContaining("canceling statement due to statement timeout (57014)"),
      expect.stringContaining("canceling statement due to statement timeout (57014)"),
    ]);
  });

  test("holds no lock and no session when it is answered, cut or refused", async () => {
    await ask("select pg_advisory_lock(1), pg_advisory_lock_shared(2)");
    await ask("select pg_advisory_lock(generate_series(1, 1000000))", { rows: 1, bytes: 100 });
    await refusal("select pg_advisory_lock(1), 1/0");

    let left = [{ sessions: 1 }];
    for (let look = 0; look < 50 && left[0]?.sessions !== 0; look += 1) {
      left = await server.query(
        "postgres",
        "select count(*)::int as sessions from pg_stat_activity where usename = 'millrace_reader'",
      );
    }
    expect(left).toEqual([{ sessions: 0 }]);
    expect(await server.query("warehouse", RUN_LOCK)).toEqual([{ held: 0 }]);
  });

  test("says the place of a mistake, in lines and characters", async () => {
    const error = await refusal("select '🙂',\n  nothing\nfrom covid_daily");

    expect(error.message).toBe(
      [
        "The database refused the statement",
        'column "nothing" does not exist (42703)',
        "LINE 2:   nothing",
        "          ^",
      ].join("\n"),
    );
  });

  test("is asked by several at once, on two databases of one server", async () => {
    await server.query("postgres", `create database other owner ${OWNER}`);
    const other = await openPostgres<CovidTables>(as(OWNER, "other"));
    const second = await openPostgres<CovidTables>(as(OWNER, "warehouse"));
    await runCovidOn(other, DAYS);

    const answers = await Promise.all([
      ask("select count(*) from covid_daily"),
      readPostgres(second, as(OWNER, "warehouse"), "select count(*) from covid_daily"),
      readPostgres(other, as(OWNER, "other"), "select count(*) from covid_daily"),
    ]);
    await Promise.all([other.close(), second.close()]);

    expect(answers.map(({ rows }) => rows)).toEqual([[["2"]], [["2"]], [["2"]]]);
  });

  test("is what pages are made as: it reads, writes nothing, waits for no lock, and its session ends with it", async () => {
    // Prepare
    const reader = await openPostgresReader<CovidTables>(database, as(OWNER, "warehouse"));
    const owner = new Client({ connectionString: as(OWNER, "warehouse") });
    await owner.connect();

    // Act
    const read = await readReport(reader.db, { pipeline: "covid", series: covidSeries });
    const written = reader.db.deleteFrom("covid_daily").execute();
    await expect(written).rejects.toThrow(/read-only transaction|permission denied/);
    await owner.query("begin; lock table covid_daily");
    const blocked = reader.db.selectFrom("covid_daily").selectAll().execute();
    await expect(blocked).rejects.toMatchObject({ cause: expect.objectContaining({ code: "55P03" }) });
    await owner.end();
    await reader.close();

    // Assess
    expect(read.runs.total).toBe(1);
    expect(await days()).toBe(2);
    await expect(reader.db.selectFrom("covid_daily").selectAll().execute()).rejects.toThrow();
    const left = "select count(*)::int as n from pg_stat_activity where usename = 'millrace_reader'";
    await expect(server.query("postgres", left)).resolves.toEqual([{ n: 0 }]);
  });

  test("leaves no login behind, and no password in what a server logs", async () => {
    await ask("select 1");

    expect(
      await server.query(
        "postgres",
        "select rolcanlogin, rolpassword from pg_authid where rolname = 'millrace_reader'",
      ),
    ).toEqual([{ rolcanlogin: false, rolpassword: null }]);
  });
});

describeUnless(postgresMissing, "a PostgreSQL whose owner does not allow new roles", () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres();
    await server.query("postgres", "create role plain login password 'p'");
    await server.query("postgres", "create database warehouse owner plain");
  });
  afterAll(() => server?.remove());

  const open = () => openPostgres<CovidTables>(url());
  const url = () => server.url("warehouse").replace(/\/\/[^@]*@/, "//plain:p@");

  test("is loaded as usual, tells readers why they cannot read, and is readable after its owner agrees", async () => {
    // Act
    const database = await open();
    const report = await runCovidOn(database, DAYS);
    const before = await readPostgres(database, url(), "select 1").catch((error: Error) => error.message);
    await server.query("postgres", "alter role plain createrole");
    const after = await readPostgres(database, url(), "select count(*) from covid_daily");
    await database.close();

    // Assess
    expect(report).toMatchObject({ status: "succeeded", inserted: 2 });
    expect(before).toMatch(/^The database has no role millrace_reader to read with: got the user may not create it, /);
    expect(before).toMatch(/The pipelines do not need it/);
    expect(after.rows).toEqual([["2"]]);
  });
});
