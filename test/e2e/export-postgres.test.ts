import { openPostgres } from "../../etl/adapters/postgres/postgres";
import type { PostgresServer } from "../../scripts/cloud/postgres-server";
import { describeUnless } from "../support/files/real-data";
import { postgresMissing, startPostgres } from "../support/servers/postgres";
import { describeExport } from "../support/suites/export-suite";

describeUnless(postgresMissing, "export on a server", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.remove());

  describeExport("PostgreSQL", () => openPostgres(server.url()));
});
