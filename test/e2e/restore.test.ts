import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateDBInstanceCommand,
  CreateDBSnapshotCommand,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { openPostgres } from "../../etl/adapters/postgres/postgres";
import type { CovidTables } from "../../etl/pipelines/covid/tables";
import { Emulator } from "../../scripts/cloud/emulator";
import { cacheFolder } from "../../scripts/cloud/environment/cache-folder";
import { findCloudProgram } from "../../scripts/cloud/environment/programs";
import { pythonEnvironment } from "../../scripts/cloud/environment/python-environment";
import type { PostgresServer } from "../../scripts/cloud/postgres-server";
import { findProgram } from "../../scripts/command-line/find-program";
import { runProgram } from "../../scripts/command-line/run-program";
import { describeUnless } from "../support/files/real-data";
import { CASES_HEADER, runCovidOn } from "../support/models/covid-run";
import { runProjectScript } from "../support/processes/run-script";
import { postgresMissing, startPostgres } from "../support/servers/postgres";

const { path: python, missing } = findCloudProgram("python");
const requirements = join(__dirname, "../../emulator/requirements.txt");
const say = (text: string) => process.stderr.write(`${text}\n`);

describeUnless(python === undefined ? missing.name : undefined, "ops restore on the emulated AWS", () => {
  const name = "millrace-dev-etl";
  let folder: string;
  let emulator: Emulator;
  let rds: RDSClient;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "millrace-restore-"));
    const environment = await pythonEnvironment(python ?? "", requirements, cacheFolder(), say);
    emulator = await Emulator.start({ python: environment, home: join(folder, "lambda"), onLine: say });
    const credentials = { accessKeyId: "emulated", secretAccessKey: "emulated" };
    rds = new RDSClient({ endpoint: emulator.endpoint, region: "eu-central-1", credentials });
    await rds.send(
      new CreateDBInstanceCommand({
        ...{ DBInstanceIdentifier: name, Engine: "postgres", EngineVersion: "17", DBInstanceClass: "db.t4g.micro" },
        ...{ AllocatedStorage: 20, DBName: "millrace", MasterUsername: "mabc", MasterUserPassword: "only-emulated" },
        ...{ BackupRetentionPeriod: 7, StorageEncrypted: true },
        Tags: [{ Key: "Project", Value: "millrace" }],
      }),
    );
    await rds.send(new CreateDBSnapshotCommand({ DBInstanceIdentifier: name, DBSnapshotIdentifier: "before" }));
    const config = join(folder, "config.json");
    await writeFile(config, JSON.stringify({ aws: { region: "eu-central-1", endpoint: emulator.endpoint } }));
    env = {
      ...{ MILLRACE_CONFIG: config, AWS_ENDPOINT_URL: emulator.endpoint, AWS_REGION: "eu-central-1" },
      ...{ AWS_ACCESS_KEY_ID: "emulated", AWS_SECRET_ACCESS_KEY: "emulated" },
    };
  }, 300_000);

  afterAll(async () => {
    rds?.destroy();
    await emulator?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const ops = (...args: string[]) => runProjectScript("ops.ts", ["restore", ...args], env);
  const instances = async () =>
    (await rds.send(new DescribeDBInstancesCommand({}))).DBInstances?.map(({ DBInstanceIdentifier: id }) => id).sort();

  it("plans without making anything, makes an instance beside the other with --yes, and takes up one that is there", async () => {
    const planned = await ops("--snapshot", "before");
    const before = await instances();
    const made = await ops("--snapshot", "before", "--yes");
    const again = await ops("--snapshot", "before", "--yes");

    expect(planned.stdout).toContain(
      `${name}-restored would be made, of ${name} at the snapshot before; nothing was done`,
    );
    expect(before).toEqual([name]);
    expect(made.stdout).toMatch(
      new RegExp(`^${name}-restored is there and set as ${name} is, at .+\\nTo switch to it`),
    );
    expect(await instances()).toEqual([name, `${name}-restored`]);
    expect(again.output).toContain("is there already");
  }, 60_000);

  it("goes back to a time, too", async () => {
    await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: `${name}-restored`, SkipFinalSnapshot: true }));
    const time = `${new Date().toISOString().slice(0, 19)}Z`;

    const planned = await ops("--to-time", time);
    const made = await ops("--to-time", time, "--yes");

    expect(planned.stdout).toContain(`of ${name} at ${time.replace("Z", ".000Z")}; nothing was done`);
    expect(made.stdout).toContain(`${name}-restored is there and set as ${name} is`);
    expect(await instances()).toEqual([name, `${name}-restored`]);
  }, 60_000);

  it("refuses a snapshot that is not there, and a time that is not kept, and makes nothing", async () => {
    const before = await instances();
    const missing = await ops("--snapshot", "elsewhere", "--yes");
    const late = await ops("--to-time", "2999-01-01T00:00:00Z", "--yes");

    expect([missing.code, late.code]).toEqual([2, 2]);
    expect(missing.output).toContain("The snapshot elsewhere cannot be restored: got no such snapshot");
    expect(late.output).toContain("The database cannot be restored to that time: got 2999-01-01T00:00:00.000Z");
    expect(await instances()).toEqual(before);
  }, 60_000);
});

const folders = ["/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql@17/bin", "/usr/pgsql-*/bin"];
const dump = findProgram("pg_dump", folders);
const restore = findProgram("pg_restore", folders);
const dumpMissing =
  dump === undefined || restore === undefined ? "pg_dump is missing: apt install postgresql-client" : undefined;

describeUnless(postgresMissing ?? dumpMissing, "a dump of the database, restored", () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
    for (const name of ["lost", "restored"]) await server.query("postgres", `create database ${name}`);
  }, 60_000);
  afterAll(() => server?.remove());

  it("has the same rows, and its ledger and runs go on as if nothing had been", async () => {
    // Prepare: two runs, the second of which revises a day and has a rejected row.
    const rows = ["2020-01-21,1,0", "2020-01-22,2,0"];
    const second = [CASES_HEADER, "2020-01-21,1,1", ...rows.slice(1), "2020-01-23,-5,0"].join("\n");
    const lost = await openPostgres<CovidTables>(server.url("lost"));
    await runCovidOn(lost, [CASES_HEADER, ...rows].join("\n"));
    await runCovidOn(lost, second, undefined, { maxRejected: { rows: 1 } });
    await lost.close();

    // Act
    const folder = await mkdtemp(join(tmpdir(), "millrace-dump-"));
    const file = join(folder, "dump");
    await runProgram(dump ?? "", ["--format=custom", "--no-owner", `--file=${file}`, server.url("lost")]);
    await runProgram(restore ?? "", ["--no-owner", "--exit-on-error", `--dbname=${server.url("restored")}`, file]);
    await rm(folder, { recursive: true });

    // Assess
    for (const table of ["covid_daily", "etl_run", "revision", "rejected_row"]) {
      const content = (database: string) => server.query(database, `select t::text as row from ${table} t order by 1`);
      const found = await content("restored");
      expect(found.length).toBeGreaterThan(0);
      expect(found).toEqual(await content("lost"));
    }
    const restored = await openPostgres<CovidTables>(server.url("restored"));
    const next = await runCovidOn(restored, second, undefined, { maxRejected: { rows: 1 } });
    await restored.close();
    expect(next).toMatchObject({ status: "succeeded", inserted: 0, updated: 0, unchanged: 2, rejected: 1 });
  }, 60_000);
});
