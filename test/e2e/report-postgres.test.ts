import { openPostgres } from "../../etl/adapters/postgres";
import type { PostgresServer } from "../../scripts/cloud/postgres-server";
import { postgresMissing, startPostgres } from "../support/postgres";
import { describeUnless } from "../support/real-data";
import { describeReport } from "../support/report-suite";

describeUnless(postgresMissing, "report on a server", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.remove());

  describeReport("PostgreSQL", () => openPostgres(server.url()));
});
