import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LoadEnvironment } from "../../etl/pipelines/covid/environment";
import { cacheFolder } from "../../scripts/cloud/environment/cache-folder";
import { functionNode } from "../../scripts/cloud/environment/function-node";
import { PostgresServer } from "../../scripts/cloud/postgres-server";
import { findProgram } from "../../scripts/command-line/find-program";
import { readAccesses } from "../../scripts/ops/audit/accesses";
import { LambdaRuntime } from "../support/cloud/emulated/lambda-runtime";
import { summariseHandlerSuite } from "../support/cloud/suites/summarise-handler-suite";
import { undoHandlerSuite } from "../support/cloud/suites/undo-handler-suite";
import { FakeS3 } from "../support/fakes/fake-s3";
import { FakeSecretsManager } from "../support/fakes/fake-secrets-manager";
import { writeCertificates } from "../support/feeds/test-certificates";
import { describeUnless } from "../support/files/real-data";
import { CASES_HEADER, RECOVERIES_HEADER, recoveryRow } from "../support/models/covid-run";

const SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!db-1";
const EVENT = {
  objects: [
    { name: "cases", key: "covid/cases/2026-11-21/a.csv", location: "https://example.com/us.csv", unchanged: false },
    { name: "recoveries", key: "covid/recoveries/2026-11-21/b.csv" },
  ],
};

const initdb = findProgram("initdb", ["/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql@17/bin"]);
const missing = initdb === undefined ? "initdb" : findProgram("openssl", []) === undefined ? "openssl" : undefined;

describeUnless(missing, "built handlers that load, on PostgreSQL with TLS", () => {
  let folder: string;
  let lambda: LambdaRuntime;
  let postgres: PostgresServer;
  let s3: FakeS3;
  let manager: FakeSecretsManager;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "millrace-load-"));
    await writeCertificates(folder, "localhost");
    postgres = await PostgresServer.create({ initdb: initdb ?? "", certificates: folder });
    lambda = await LambdaRuntime.prepare(await functionNode(cacheFolder(), console.error));
  });

  afterAll(async () => {
    await lambda.remove();
    await postgres.remove();
    await rm(folder, { recursive: true });
  });

  beforeEach(async () => {
    s3 = await FakeS3.start();
    manager = await FakeSecretsManager.start();
    await postgres.query("postgres", "create role loader login password 'right'");
    await postgres.query("postgres", "create database feed owner loader");
    manager.values.push(login("right"));
    keep("cases", [CASES_HEADER, "2020-01-21,1,0", "2020-01-22,2,1"]);
    keep("recoveries", [RECOVERIES_HEADER, recoveryRow("2020-01-22", 5)]);
  });

  afterEach(async () => {
    await manager.stop();
    await s3.stop();
    await postgres.query("postgres", "drop database feed with (force)");
    await postgres.query("postgres", "drop role loader");
  });

  test("loads the objects, says what it did, and finds nothing to do the second time", async () => {
    // Act
    const first = await load();
    const second = await load();

    // Assess
    expect(first.result).toMatchObject({
      ...{ inserted: 2, updated: 0, unchanged: 0, rejected: 0, sourcesUnchanged: false },
      ...{ newest: { date: "2020-01-22", cases: 2, deaths: 1, recoveries: 5 }, newestDay: "2020-01-22" },
      text: "There were 2 inserts and 0 updates",
    });
    expect(second.result).toMatchObject({ inserted: 0, updated: 0, unchanged: 2 });
    expect(await countDays()).toBe(2);
  });

  test("emits its counts as embedded metrics", async () => {
    // Act
    const { log } = await load();

    // Assess
    const names = ["inserted", "updated", "unchanged", "rejected", "duration"];
    const metrics = log.find((entry) => "_aws" in entry);
    expect(metrics).toMatchObject({ service: "covid", step: "load", inserted: 2, duration: expect.any(Number) });
    expect(metrics).toMatchObject({
      _aws: { CloudWatchMetrics: [{ Metrics: names.map((Name) => expect.objectContaining({ Name })) }] },
    });
  });

  test("reads the secret again, once, when the database refuses the password", async () => {
    // Prepare
    manager.values.unshift(login("before the rotation"));

    // Act
    const rotated = await load();
    manager.values[0] = login("never right");
    const wrong = await load();

    // Assess
    expect(rotated.result).toMatchObject({ inserted: 2 });
    expect(wrong).toMatchObject({ errorType: "TransientDatabaseError" });
    expect(manager.requests).toEqual([SECRET, SECRET, SECRET, SECRET]);
    expect(JSON.stringify(wrong)).not.toContain("never right");
  });

  test("sends no password to a server whose authority it does not know", async () => {
    // Act
    const outcome = await load({ NODE_EXTRA_CA_CERTS: undefined });

    // Assess
    expect(outcome).toMatchObject({ errorType: "DatabaseError", errorMessage: expect.stringContaining("not trusted") });
  });

  test("sends no password to a server with another name", async () => {
    // Prepare
    const certificates = await mkdtemp(join(folder, "other-"));
    await writeCertificates(certificates, "other.example");
    const other = await PostgresServer.create({ initdb: initdb ?? "", certificates });

    // Act
    const outcome = await load({
      DATABASE_PORT: String(other.port),
      NODE_EXTRA_CA_CERTS: join(certificates, "ca.pem"),
    }).finally(() => other.remove());

    // Assess
    expect(outcome).toMatchObject({ errorType: "DatabaseError", errorMessage: expect.stringContaining("not trusted") });
    expect(outcome.errorMessage).toContain("other.example");
  });

  test("names a database that is down so that it is tried again, and loads nothing", async () => {
    // Prepare
    await postgres.stop();

    // Act
    const outcome = await load().finally(() => postgres.start());

    // Assess
    expect(outcome.errorType).toBe("TransientDatabaseError");
  });

  test("fails with the reason and loads nothing when too many rows are rejected", async () => {
    // Prepare
    keep("cases", [CASES_HEADER, "2020-01-21,1,0", "2020-02-30,2,1"]);

    // Act
    const refused = await load();
    const allowed = await load({ MAX_REJECTED: "50%" });

    // Assess
    expect(refused).toMatchObject({ errorMessage: expect.stringContaining("Too many rows were rejected") });
    expect(allowed.result).toMatchObject({ inserted: 1, rejected: 1 });
  });

  test("refuses an event without objects", async () => {
    const outcome = await lambda.invoke("covid/load", { objects: [] }, variables());
    expect(outcome).toMatchObject({ errorType: "UsageError", errorMessage: expect.stringContaining("objects") });
  });

  test("answers a person's statement, logs it with its caller and nothing of what was read, and says what is refused", async () => {
    // Prepare
    const ask = (statement: string) =>
      lambda.invoke("sql/run", { statement, caller: "arn:aws:iam::1:user/ada" }, variables());
    await load();
    const unprepared = await ask("select 1");
    await postgres.query("postgres", "alter role loader createrole");

    // Act
    const answered = await ask("select date, cases from covid_daily order by date");
    const refused = await ask("delete from covid_daily");
    const nameless = await lambda.invoke("sql/run", { statement: "select 1" }, variables());
    await postgres.query("feed", "drop owned by millrace_reader");
    await postgres.query("postgres", "drop role millrace_reader");

    // Assess
    expect(unprepared.result).toEqual({ refused: expect.stringMatching(/^The database has no role millrace_reader/) });
    expect(answered.result).toEqual({
      columns: ["date", "cases"],
      rows: [
        ["2020-01-21", "1"],
        ["2020-01-22", "2"],
      ],
    });
    expect(answered.log).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          message: "step begins",
          event: { statement: "select date, cases from covid_daily order by date", caller: "arn:aws:iam::1:user/ada" },
          function_request_id: "request-1",
        }),
        expect.objectContaining({ message: "step done", result: { rows: 2 } }),
      ]),
    );
    expect(JSON.stringify(answered.log)).not.toContain("2020-01-21");
    const caller = "arn:aws:iam::1:user/ada";
    expect(accessesIn(answered.log)).toMatchObject([{ caller, statement: expect.stringMatching(/^select/), rows: 2 }]);
    expect(accessesIn(refused.log)).toMatchObject([{ caller, failure: expect.stringMatching(/permission|read-only/) }]);
    expect(accessesIn(nameless.log)).toMatchObject([
      { caller: undefined, statement: "select 1", failure: expect.stringContaining("caller") },
    ]);
    expect(refused.result).toEqual({ failure: expect.objectContaining({ message: expect.any(String) }) });
    expect(nameless).toMatchObject({ errorType: "UsageError", errorMessage: expect.stringContaining("caller") });
  });

  test("makes the page from the stored data, as a reader, self-contained, and the index", async () => {
    // Prepare
    const pages = {
      ...{ PAGES_BUCKET: "pages", PIPELINES: "covid,orders", DATABASE_PIPELINES: "covid", HIDE: "[]" },
      RUN_SHAPES: "covid step 1024",
    };
    const render = (event: object = { pipeline: "covid" }) =>
      lambda.invoke("pages/render", event, { ...variables(), ...pages });
    const page = (key: string) => s3.objects.get(`pages/pages/${key}`)?.toString() ?? "";
    await postgres.query("postgres", "alter role loader createrole");
    await load();
    await load();

    // Act
    const made = await render();
    const first = page("covid/index.html");
    const afterFailure = await render({ pipeline: "covid", failedStep: "load" });
    const index = page("index.html");
    const byTheClock = await render({});
    await postgres.query("postgres", "alter role millrace_reader connection limit 0");
    const failed = await render();
    await postgres.query("feed", "drop owned by millrace_reader");
    await postgres.query("postgres", "drop role millrace_reader");

    // Assess
    const written = ["pages/covid/index.html", "pages/index.html"];
    for (const { result } of [made, afterFailure, byTheClock]) expect(result).toEqual({ written });
    const parts = ['data-column="cases"', "List prices of eu-central-1", "<dt>The table after it</dt><dd>Rows: 2"];
    for (const part of parts) expect(first).toContain(part);
    // The style, uPlot with the code that draws, and the slider's.
    expect(first).toMatch(/<style>[^<]{1000}/);
    expect(first.match(/<script>/g)).toHaveLength(3);
    expect(index).toMatch(/href="covid\/index.html"[\s\S]*the run failed at step load[\s\S]*orders[\s\S]*no page yet/);
    expect(page("index.html")).not.toContain("failed at step");
    expect(failed).toMatchObject({ errorMessage: expect.stringContaining("millrace_reader could not log in") });
  });

  summariseHandlerSuite(() => ({ lambda, postgres, folder, variables }));
  undoHandlerSuite(() => {
    const loadCases = (cases: readonly string[]) => {
      keep("cases", [CASES_HEADER, ...cases]);
      return load();
    };
    return { lambda, postgres, variables, load: loadCases };
  });

  const load = (changes: Partial<LoadEnvironment> = {}) => lambda.invoke("covid/load", EVENT, variables(changes));

  function variables(changes: Partial<LoadEnvironment> = {}): Record<string, string> {
    const environment: LoadEnvironment = {
      RAW_BUCKET: "raw",
      DATABASE_HOST: "localhost",
      DATABASE_PORT: String(postgres.port),
      DATABASE_NAME: "feed",
      DATABASE_SECRET_ARN: SECRET,
      JOIN: "left",
      MAX_REJECTED: "0",
      NODE_EXTRA_CA_CERTS: join(folder, "ca.pem"),
      ...changes,
    };
    const aws = {
      AWS_REGION: "eu-central-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_ENDPOINT_URL_S3: s3.endpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.endpoint,
    };
    const defined = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return { ...aws, ...Object.fromEntries(defined) };
  }

  function keep(name: string, lines: readonly string[]): void {
    const key = EVENT.objects.find((object) => object.name === name)?.key;
    s3.objects.set(`raw/${key}`, Buffer.from(`${lines.join("\n")}\n`));
  }

  async function countDays(): Promise<number> {
    const [row] = await postgres.query<{ count: string }>("feed", "select count(*) from covid_daily");
    return Number(row?.count);
  }
});

function login(password: string): string {
  return JSON.stringify({ username: "loader", password });
}

/** What `ops audit` reads from a function's log. */
function accessesIn(log: readonly object[]) {
  return readAccesses(log.map((entry) => ({ step: "sql", time: new Date(0), text: JSON.stringify(entry) })));
}
