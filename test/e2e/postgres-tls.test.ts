import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { openPostgres } from "../../etl/adapters/postgres/postgres";
import { findCloudProgram } from "../../scripts/cloud/environment/programs";
import { PostgresServer } from "../../scripts/cloud/postgres-server";
import { findProgram } from "../../scripts/command-line/find-program";
import { writeCertificates } from "../support/feeds/test-certificates";
import { describeUnless } from "../support/files/real-data";
import { postgresMissing } from "../support/servers/postgres";

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

  describe("a server of another name", () => {
    let other: PostgresServer;
    let certificates: string;
    beforeAll(async () => {
      certificates = mkdtempSync(join(tmpdir(), "millrace-tls-other-"));
      await writeCertificates(certificates, "other.example");
      other = await PostgresServer.create({ initdb, certificates });
    });
    afterAll(async () => {
      await other?.remove();
      rmSync(certificates, { recursive: true, force: true });
    });

    const named = () => other.url().replace("127.0.0.1", "localhost");
    test.each(["verify-full", "verify-ca", "require", "prefer"])("is refused by sslmode=%s", async (mode) => {
      const authority = encodeURIComponent(join(certificates, "ca.pem"));

      const opened = openPostgres(`${named()}?sslmode=${mode}&sslrootcert=${authority}`);

      await expect(opened).rejects.toThrow(/certificate is not trusted.*other\.example/);
    });

    test("is refused by an authority given", async () => {
      const opened = openPostgres(named(), { ca: readFileSync(join(certificates, "ca.pem"), "utf8") });

      await expect(opened).rejects.toThrow(/certificate is not trusted.*other\.example/);
    });
  });

  test.each([
    ["an authority that nobody knows", "?sslmode=verify-full", /certificate is not trusted.*Trust the authority/],
    ["a connection without TLS", "", /refused the login.*sslmode=verify-full/],
  ])("refuses %s", async (_what, query, message) => {
    await expect(openPostgres(`${server.url()}${query}`)).rejects.toMatchObject({
      name: "DatabaseError",
      message: expect.stringMatching(message),
    });
  });
});
