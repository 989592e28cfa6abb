import { sql } from "kysely";
import { openPostgres } from "../../etl/adapters/postgres/postgres";
import type { FeedTables } from "../../etl/feeds/ledger/tables";
import type { PostgresServer } from "../../scripts/cloud/postgres-server";
import { describeUnless } from "../support/files/real-data";
import { describeLoadModel } from "../support/models/load-model";
import type { StockTables } from "../support/models/stock";
import { postgresMissing, startPostgres } from "../support/servers/postgres";
import { describeFewRecords } from "../support/suites/load/few-records-suite";
import { describeHabitsOfTables } from "../support/suites/load/habits-suite";
import { describeHistory } from "../support/suites/load/history-suite";
import { describeLoad } from "../support/suites/load/load-suite";
import { describeNames } from "../support/suites/load/names-suite";
import { describeCuts, describePieces } from "../support/suites/load/pieces-suite";

describeUnless(postgresMissing, "with PostgreSQL", () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.remove());

  const open = () => openPostgres<StockTables>(server.url());

  describeLoad("PostgreSQL", open);
  describeFewRecords("PostgreSQL", () => openPostgres(server.url()));
  describeHabitsOfTables("PostgreSQL", open);
  describePieces("PostgreSQL", open);
  describeCuts("PostgreSQL", open, ["C", "und-x-icu"]);
  describeNames("PostgreSQL", () => openPostgres<FeedTables>(server.url("template1")));
  describeLoadModel("PostgreSQL", open, 100);
  describeHistory(
    "PostgreSQL",
    async () => {
      // The other suites make tables of the same names by hand, some of them in template1.
      const { db, close } = await openPostgres(server.url());
      await sql`create database history template template0`.execute(db);
      await close();
      return openPostgres(server.url("history"));
    },
    40,
  );
});
