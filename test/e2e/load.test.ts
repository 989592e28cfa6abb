import { openPostgres } from "../../etl/adapters/postgres/postgres";
import type { ImportTables } from "../../etl/pipelines/import/tables";
import type { PostgresServer } from "../../scripts/cloud/postgres-server";
import { describeHabitsOfTables } from "../support/habits-suite";
import { describeLoadModel } from "../support/load-model";
import { describeLoad } from "../support/load-suite";
import { describeNames } from "../support/names-suite";
import { describeCuts, describePieces } from "../support/pieces-suite";
import { postgresMissing, startPostgres } from "../support/postgres";
import { describeUnless } from "../support/real-data";
import type { StockTables } from "../support/stock";

describeUnless(postgresMissing, "with PostgreSQL", () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.remove());

  const open = () => openPostgres<StockTables>(server.url());

  describeLoad("PostgreSQL", open);
  describeHabitsOfTables("PostgreSQL", open);
  describePieces("PostgreSQL", open);
  describeCuts("PostgreSQL", open);
  describeNames("PostgreSQL", () => openPostgres<ImportTables>(server.url("template1")));
  describeLoadModel("PostgreSQL", open, 100);
});
