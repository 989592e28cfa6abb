import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { openPostgres } from "../../etl/adapters/postgres";
import { PostgresServer } from "../../scripts/cloud/postgres-server";
import { findCloudProgram } from "../../scripts/cloud/programs";
import { findProgram } from "../../scripts/find-program";
import { postgresMissing } from "../support/postgres";
import { describeUnless } from "../support/real-data";
import { writeCertificates } from "../support/test-certificates";

const { path: initdb = "" } = findCloudProgram("initdb");
const missing = postgresMissing ?? (findProgram("openssl") === undefined ? "openssl is missing" : undefined);

describeUnless(missing, "openPostgres with TLS", () => {
  let server: PostgresServer;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "millrace-tls-"));
    await writeCertificates(folder, "localhost");
    server = await PostgresServer.create({ initdb, certificates: folder });
  });
  afterAll(async () => {
    await server?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  test("trusts the authority given", async () => {
    const { db, close } = await openPostgres(server.url(), { ca: readFileSync(join(folder, "ca.pem"), "utf8") });

    const { rows } = await sql`select ssl from pg_stat_ssl where pid = pg_backend_pid()`.execute(db);
    await close();

    expect(rows).toEqual([{ ssl: true }]);
  });

  test.each([
    ["an authority that nobody knows", "?sslmode=verify-full", /certificate is not trusted.*sslrootcert/],
    ["a connection without TLS", "", /refused the login.*sslmode=verify-full/],
  ])("refuses %s", async (_what, query, message) => {
    await expect(openPostgres(`${server.url()}${query}`)).rejects.toMatchObject({
      name: "DatabaseError",
      message: expect.stringMatching(message),
    });
  });
});
