import { sql } from "kysely";
import { openPostgres } from "../../etl/adapters/postgres/postgres";
import type { CoreTables } from "../../etl/core/database/tables";
import { readTablePage } from "../../etl/report/table/read-table-page";
import { renderTablePage } from "../../etl/report/table/render-table-page";
import type { PostgresServer } from "../../scripts/cloud/postgres-server";
import { describeUnless } from "../support/files/real-data";
import { postgresMissing, startPostgres } from "../support/servers/postgres";
import { describeAfterRuns } from "../support/suites/report/after-runs-suite";
import { describeReport } from "../support/suites/report/report-suite";

describeUnless(postgresMissing, "report on a server", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.remove());

  describeReport("PostgreSQL", () => openPostgres(server.url()));
  describeAfterRuns("PostgreSQL", () => openPostgres(server.url()));

  test("the page of a million rows counts them all, and is small", async () => {
    // Prepare
    const database = await openPostgres<CoreTables>(server.url());
    await sql`create unlogged table million (id int, day date, amount numeric(12, 2))`.execute(database.db);
    await sql`insert into million select n, '2026-01-01'::date - n % 1200, n % 7 from generate_series(1, 1000000) n`.execute(
      database.db,
    );

    // Act
    const page = await readTablePage(database.db, { pipeline: "million", table: "million" });
    const html = renderTablePage(page);
    await database.close();

    // Assess
    expect(page.byDay).toMatchObject({
      value: { rows: 1_000_000, figures: [{ title: "Rows" }, { total: "2999998.00" }] },
    });
    expect(page.newest).toMatchObject({ value: { rows: { length: 25 } } });
    expect(Buffer.byteLength(html)).toBeLessThan(1_000_000);
  });
});
