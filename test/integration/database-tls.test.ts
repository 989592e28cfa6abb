import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPostgres } from "../../etl/adapters/postgres/postgres";
import { openRdsDatabase } from "../../etl/adapters/postgres/rds-database";
import type { FeedChunk } from "../../etl/feeds/run/events";
import { findProgram } from "../../scripts/command-line/find-program";
import { runProgram } from "../../scripts/command-line/run-program";
import { describeRows } from "../../scripts/deliver/workflow/data/rows";
import { makeReportPage } from "../../scripts/run/dashboard/report-page";
import { openDatabase } from "../../scripts/run/open-database";
import { LambdaRuntime } from "../support/cloud/emulated/lambda-runtime";
import { FakeSecretsManager } from "../support/fakes/fake-secrets-manager";
import { writeCertificates } from "../support/feeds/test-certificates";
import { describeUnless } from "../support/files/real-data";
import { runEtl } from "../support/processes/run-etl";
import { TlsPostgres } from "../support/servers/tls-postgres";

const SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!db-1";
const RUN = "01234567-89ab-4cde-8f01-23456789abcd";
const chunk: FeedChunk = {
  ...{ object: 1, key: "a.csv", etag: "e", lastModified: "2026-11-28T00:00:00Z" },
  ...{ bytes: 1, start: 0, end: 1 },
};
/** A process of its own, as a worker is started with the options of Node that its parent has. */
const WORK = `
const { WorkerProcess } = require("./scripts/run/feed/workers/worker-process");
const [task, chunk] = process.argv.slice(1).map(JSON.parse);
const worker = new WorkerProcess(task);
worker.load(chunk).then(() => "it was let in", ({ message }) => message).then(console.log).finally(() => worker.stop());
`;
const missing = findProgram("openssl") === undefined ? "openssl is missing" : undefined;

describeUnless(missing, "whom a connection to the database trusts", () => {
  let folder: string;
  /** Its certificate bears the name localhost, by `right/ca.pem`. */
  let server: TlsPostgres;
  /** Its certificate bears another name, by `other/ca.pem`. */
  let misnamed: TlsPostgres;
  const authority = (name: string) => join(folder, name, "ca.pem");

  async function serve(name: string, host: string): Promise<TlsPostgres> {
    mkdirSync(join(folder, name));
    await writeCertificates(join(folder, name), host);
    const read = (file: string) => readFileSync(join(folder, name, file), "utf8");
    return TlsPostgres.start({ key: read("server.key"), cert: read("server.pem") });
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "millrace-database-tls-"));
    server = await serve("right", "localhost");
    misnamed = await serve("other", "other.example");
  });
  beforeEach(() => {
    for (const { logins, plain } of [server, misnamed]) logins.length = plain.length = 0;
  });
  afterAll(async () => {
    await server?.close();
    await misnamed?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** What a way to connect says of: an authority it was not told of, a host of another name, and the right one. */
  async function tryAll(connect: (at: TlsPostgres, ca?: string) => Promise<string>) {
    const [stranger, renamed, right] = await Promise.all([
      connect(server),
      connect(misnamed, authority("other")),
      connect(server, authority("right")),
    ]);
    return { stranger, misnamed: renamed, right };
  }

  /** Only the right server was told who logs in, and nobody in the clear. */
  function expectChecked(said: Awaited<ReturnType<typeof tryAll>>): void {
    expect(said.stranger).toMatch(/TLS certificate is not trusted/);
    expect(said.misnamed).toMatch(/TLS certificate is not trusted.*other\.example/s);
    expect(said.right).toMatch(/the database does not exist/);
    expect(server.logins).toEqual([expect.stringMatching(/^user loader database feed/)]);
    expect([...misnamed.logins, ...misnamed.plain, ...server.plain]).toEqual([]);
  }

  const failure = (attempt: Promise<unknown>) =>
    attempt.then(
      () => "it was let in",
      (error: Error) => error.message,
    );
  const rootCert = (ca?: string) => (ca === undefined ? "" : `&sslrootcert=${encodeURIComponent(ca)}`);

  test.each(["sslmode=verify-full", "sslmode=verify-ca", "sslmode=require", "sslmode=prefer", "ssl=true", "ssl=1"])(
    "a URL with %s: authority and host name are checked",
    async (word) => {
      const said = await tryAll((at, ca) => failure(openPostgres(at.url("localhost", `?${word}${rootCert(ca)}`))));

      expectChecked(said);
    },
  );

  test("a URL with only sslrootcert: authority and host name are checked", async () => {
    // Prepare: the other server's authority stands for one that nobody knows.
    const connect = (at: TlsPostgres, ca = authority("other")) =>
      failure(openPostgres(at.url("localhost", `?sslrootcert=${encodeURIComponent(ca)}`)));

    expectChecked(await tryAll(connect));
  });

  test("an authority given by the caller: authority and host name are checked, whatever the environment says", async () => {
    // Prepare
    const variables = ["PGSSLMODE", "NODE_TLS_REJECT_UNAUTHORIZED"] as const;
    const before = variables.map((name) => process.env[name]);
    Object.assign(process.env, { PGSSLMODE: "no-verify", NODE_TLS_REJECT_UNAUTHORIZED: "0" });
    const connect = (at: TlsPostgres, ca = authority("other")) =>
      failure(openPostgres(at.url("localhost", ""), { ca: readFileSync(ca, "utf8") }));

    // Act
    const said = await tryAll(connect).finally(() => {
      for (const [i, name] of variables.entries()) {
        if (before[i] === undefined) delete process.env[name];
        else process.env[name] = before[i];
      }
    });

    // Assess
    expectChecked(said);
  });

  test("a secret's login: authority and host name are checked", async () => {
    const secrets = { get: async () => JSON.stringify({ username: "loader", password: "hunter2" }) };
    const connect = (at: TlsPostgres, ca = authority("other")) =>
      failure(
        openRdsDatabase({
          ...{ host: "localhost", port: at.port, name: "feed", secret: SECRET, secrets },
          authorities: readFileSync(ca, "utf8"),
        }),
      );

    expectChecked(await tryAll(connect));
  });

  test("the database of a local run: authority and host name are checked", async () => {
    const connect = (at: TlsPostgres, ca?: string) =>
      failure(openDatabase({ databaseUrl: at.url("localhost", `?sslmode=verify-full${rootCert(ca)}`) }));

    expectChecked(await tryAll(connect));
  });

  test("etl doctor: authority and host name are checked", async () => {
    const connect = async (at: TlsPostgres, ca?: string) => {
      const url = at.url("localhost", `?sslmode=verify-full${rootCert(ca)}`);
      const { code, stdout } = await runEtl(folder, ["doctor", "sales", "--database-url", url]);
      expect(code).toBe(1);
      return stdout;
    };

    expectChecked(await tryAll(connect));
  });

  test("a worker of import: authority and host name are checked", async () => {
    const connect = async (at: TlsPostgres, ca?: string) => {
      const databaseUrl = at.url("localhost", `?sslmode=verify-full${rootCert(ca)}`);
      const task = JSON.stringify({ databaseUrl, from: folder, contract: "sales", runId: RUN });
      const args = ["--require", "tsx/cjs", "--eval", WORK, task, JSON.stringify(chunk)];
      return (await runProgram(process.execPath, args, { cwd: join(__dirname, "../..") })).stdout;
    };

    expectChecked(await tryAll(connect));
  });

  test("the dashboard: authority and host name are checked", async () => {
    const connect = async (at: TlsPostgres, ca?: string) => {
      const databaseUrl = at.url("localhost", `?sslmode=verify-full${rootCert(ca)}`);
      const series = { title: "", table: "", unit: "", days: [] } as never;
      return (await makeReportPage({ databaseUrl, directory: folder }, { pipeline: "covid", series })).html;
    };

    expectChecked(await tryAll(connect));
  });

  test("the list of data before a destroy: authority and host name are checked", async () => {
    const database = { type: "aws_db_instance", values: { identifier: "db" } } as never;
    const connect = async (at: TlsPostgres, ca?: string) =>
      (await describeRows(at.url("localhost", `?sslmode=verify-full${rootCert(ca)}`), [database])).join("\n");

    expectChecked(await tryAll(connect));
  });

  describe("the built handlers", () => {
    let lambda: LambdaRuntime;
    let manager: FakeSecretsManager;
    beforeAll(async () => {
      lambda = await LambdaRuntime.prepare();
      manager = await FakeSecretsManager.start();
      manager.values.push(JSON.stringify({ username: "loader", password: "hunter2" }));
    });
    afterAll(async () => {
      await manager?.stop();
      await lambda?.remove();
    });

    const raw = ["cases", "recoveries"].map((name) => ({ name, key: "a.csv" }));
    test.each([
      ["covid/load", { objects: raw }],
      ["feed/plan", {}],
      ["feed/load", { runId: RUN, chunk }],
      ["feed/summarise", { runId: RUN }],
    ])("%s: authority and host name are checked", async (handler, event) => {
      const connect = async (at: TlsPostgres, ca?: string) => {
        const outcome = await lambda.invoke(handler, event, {
          ...{ AWS_REGION: "eu-central-1", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
          ...{ AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.endpoint, DATABASE_SECRET_ARN: SECRET },
          ...{ DATABASE_HOST: "localhost", DATABASE_PORT: String(at.port), DATABASE_NAME: "feed" },
          ...{
            RAW_BUCKET: "raw",
            MEND_BUCKET: "raw",
            SOURCE_BUCKET: "raw",
            SOURCE_PREFIX: "",
            MANIFEST_BUCKET: "raw",
            MANIFEST_PREFIX: "sales/",
          },
          ...{ FEED: "sales", CHUNK_BYTES: "65536", JOIN: "left", MAX_REJECTED: "0" },
          ...(ca === undefined ? {} : { NODE_EXTRA_CA_CERTS: ca }),
        });
        return String(outcome.errorMessage);
      };

      expectChecked(await tryAll(connect));
    });
  });

  test.each(["?sslmode=no-verify", "?ssl=no-verify"])("%s is the way to check nothing, by TLS", async (query) => {
    const message = await failure(openPostgres(misnamed.url("localhost", query)));

    expect(message).toMatch(/the database does not exist/);
    expect(misnamed.logins).toHaveLength(1);
    expect(misnamed.plain).toEqual([]);
  });
});
