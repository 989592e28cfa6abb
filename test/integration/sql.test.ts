import { sql } from "kysely";
import { openPglite } from "../../etl/adapters/pglite/pglite";
import { readPglite } from "../../etl/adapters/pglite/reader";
import { NoReaderError, prepareReader } from "../../etl/core/database/reader";
import { RADAR_COLUMNS, radarStatement } from "../../etl/core/runs/revision-radar";
import type { CovidTables } from "../../etl/pipelines/covid/tables";
import { CASES_HEADER, runCovidOn } from "../support/models/covid-run";

type Embedded = Awaited<ReturnType<typeof openPglite<unknown>>>;

describe("what a person asks of the embedded database", () => {
  let embedded: Embedded;

  beforeAll(async () => {
    const database = await openPglite<CovidTables>();
    await runCovidOn(database, [CASES_HEADER, "2020-01-21,1,0", "2020-01-22,2,0"].join("\n"));
    embedded = database as unknown as Embedded;
  });
  afterAll(() => embedded?.close());

  const refusal = (statement: string): Promise<Error> =>
    readPglite(embedded, statement).then(
      (result) => Promise.reject(new Error(`it gave ${JSON.stringify(result)}`)),
      (error) => error,
    );

  test("is answered as PostgreSQL writes it, and cut", async () => {
    const result = await readPglite(embedded, "select date, cases, recoveries, now() as n, true as n from covid_daily");
    const cut = await readPglite(embedded, "select generate_series(1, 9)", { rows: 2, bytes: 100 });

    expect(result.columns).toEqual(["date", "cases", "recoveries", "n", "n"]);
    expect(result.rows.map((row) => row.slice(0, 3))).toEqual([
      ["2020-01-21", "1", "0"],
      ["2020-01-22", "2", null],
    ]);
    expect(result.rows[0]?.[4]).toBe("t");
    expect(cut).toEqual({ columns: ["generate_series"], rows: [["1"], ["2"]], cut: "rows" });
  });

  test("is which days each run revised, how far back, and by how much", async () => {
    // Prepare
    const database = await openPglite<CovidTables>();
    const run = (...days: readonly string[]) => runCovidOn(database, [CASES_HEADER, ...days].join("\n"));
    await run("2020-01-21,1,0", "2020-01-22,2,0", "2020-01-23,9,0");
    const second = await run("2020-01-21,5,0", "2020-01-22,1,0", "2020-01-23,9,1");

    // Act
    const radar = await readPglite(database as unknown as Embedded, radarStatement("covid", "2026-01-01"));
    const later = await readPglite(database as unknown as Embedded, radarStatement("covid", "2999-01-01"));
    const other = await readPglite(database as unknown as Embedded, radarStatement("sales", "2026-01-01"));
    await database.close();

    // Assess
    const rows = radar.rows.map((row) => Object.fromEntries(RADAR_COLUMNS.map((name, at) => [name, row[at]])));
    const daysBack = String(Math.floor(Date.now() / 86_400_000) - Date.UTC(2020, 0, 21) / 86_400_000);
    expect(radar.columns).toEqual(RADAR_COLUMNS);
    expect(rows).toMatchObject([
      { run: second.runId, table: "covid_daily", column: "cases", records: "2", days: "2", sum: "3", largest: "4" },
      { column: "deaths", records: "1", oldest: "2020-01-23", newest: "2020-01-23", sum: "1", largest: "1" },
    ]);
    expect(rows[0]).toMatchObject({ oldest: "2020-01-21", newest: "2020-01-22", days_back: daysBack });
    expect([later.rows, other.rows]).toEqual([[], []]);
    for (const text of ["covid' or true --", ""]) {
      expect(() => radarStatement(text, "2026-01-01")).toThrow(RangeError);
      expect(() => radarStatement("covid", text)).toThrow(RangeError);
    }
  });

  test.each([
    ["delete from covid_daily", /read-only transaction/],
    ["select 1; delete from covid_daily", /multiple commands/],
    [
      "select set_config('role', 'none', true), query_to_xml('delete from covid_daily returning 1', true, true, '')",
      /not allowed in a non-volatile function|read-only/,
    ],
    ["set transaction read write", /must be set before any query/],
    ["select nothing from covid_daily", /LINE 1: select nothing from covid_daily\n {15}\^$/],
  ])("is refused: %s", async (statement, reason) => {
    const error = await refusal(statement);

    expect(error.message).toMatch(reason);
    const left = await readPglite(embedded, "select count(*) from covid_daily");
    expect(left.rows).toEqual([["2"]]);
  });
});

describe("a reader's role made by another user, on PostgreSQL 16 and later", () => {
  test.each([
    [["alter role plain createrole"], "refused"],
    [["grant millrace_reader to plain with admin option"], "refused"],
    [["alter role plain createrole", "grant millrace_reader to plain with admin option"], "prepared"],
  ])("after %j is %s", async (rights, expected) => {
    // Prepare
    const { db, close } = await openPglite<CovidTables>();
    for (const statement of ["create role millrace_reader", "create role plain", "create schema own", ...rights]) {
      await sql.raw(statement).execute(db);
    }
    await sql`alter schema own owner to plain`.execute(db);

    // Act
    const outcome = await db
      .transaction()
      .execute(async (trx) => {
        await sql`set local role plain`.execute(trx);
        await prepareReader<CovidTables>(trx, "own");
        return "prepared";
      })
      .catch((error) => (error instanceof NoReaderError ? "refused" : error));
    await close();

    // Assess
    expect(outcome).toBe(expected);
  });
});
