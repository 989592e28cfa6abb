import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateDBInstanceCommand,
  CreateDBSnapshotCommand,
  type DBInstance,
  DeleteDBInstanceCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import * as z from "zod";
import { dev } from "../../config/dev";
import { overrideConfig } from "../../config/load";
import type { Overrides } from "../../config/overrides";
import { openPostgres } from "../../etl/adapters/postgres/postgres";
import type { CovidTables } from "../../etl/pipelines/covid/tables";
import { Emulator } from "../../scripts/cloud/emulator";
import { cacheFolder } from "../../scripts/cloud/environment/cache-folder";
import { findCloudPrograms } from "../../scripts/cloud/environment/programs";
import { pythonEnvironment } from "../../scripts/cloud/environment/python-environment";
import type { PostgresServer } from "../../scripts/cloud/postgres-server";
import { findProgram } from "../../scripts/command-line/find-program";
import { runProgram } from "../../scripts/command-line/run-program";
import { leftInstances } from "../../scripts/deliver/destroy/left-instances";
import { judgePlans } from "../../scripts/deliver/plan-guard/judge-plans";
import { changeKind } from "../../scripts/deliver/plan-review/change-kind";
import { parsePlan } from "../../scripts/deliver/plan-review/plan";
import { terraformEnvironment } from "../../scripts/deliver/terraform/environment";
import { Terraform } from "../../scripts/deliver/terraform/terraform";
import { cloudMissing } from "../support/cloud/cloud";
import { keepProviderIn } from "../support/cloud/provider/kept-provider";
import { writeDatabaseStack } from "../support/cloud/stacks/database-stack";
import { accountNetwork } from "../support/cloud/stacks/light-stacks";
import { describeUnless } from "../support/files/real-data";
import { CASES_HEADER, runCovidOn } from "../support/models/covid-run";
import { nodeScript } from "../support/processes/run-etl";
import { postgresMissing, startPostgres } from "../support/servers/postgres";

const REGION = "eu-central-1";
const { programs } = findCloudPrograms();
const PLAN = "switch.tfplan";
const requirements = join(__dirname, "../../emulator/requirements.txt");
const say = (text: string) => process.stderr.write(`${text}\n`);

const stackSchema = z.object({
  resource: z.record(z.string(), z.record(z.string(), z.unknown())),
});
const plannedInstance = z.object({
  ...{ instance_class: z.string(), allocated_storage: z.number(), db_name: z.string(), username: z.string() },
  ...{ kms_key_id: z.string(), parameter_group_name: z.string(), db_subnet_group_name: z.string() },
  vpc_security_group_ids: z.array(z.string()),
});

describeUnless(cloudMissing, "ops restore on the emulated AWS", () => {
  const name = "millrace-dev-etl";
  const restored = `${name}-restored`;
  let folder: string;
  let emulator: Emulator;
  let rds: RDSClient;
  let env: NodeJS.ProcessEnv;
  let network: Overrides;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "millrace-restore-"));
    const python = await pythonEnvironment(programs?.python ?? "", requirements, cacheFolder(), say);
    emulator = await Emulator.start({ python, home: join(folder, "lambda"), onLine: say });
    const { endpoint } = emulator;
    const credentials = { accessKeyId: "emulated", secretAccessKey: "emulated" };
    rds = new RDSClient({ endpoint, region: REGION, credentials });
    network = await accountNetwork({ endpoint, region: REGION });
    const config = join(folder, "config.json");
    await writeFile(config, JSON.stringify({ aws: { region: REGION, endpoint } }));
    const own = await terraformEnvironment({
      ...{ MILLRACE_CONFIG: config, AWS_ENDPOINT_URL: endpoint, AWS_REGION: REGION },
      ...{ AWS_ACCESS_KEY_ID: "emulated", AWS_SECRET_ACCESS_KEY: "emulated" },
    });
    env = await keepProviderIn(join(folder, "provider"), join(folder, "stack"), own);
    await makeDatabase();
    await rds.send(new CreateDBSnapshotCommand({ DBInstanceIdentifier: name, DBSnapshotIdentifier: "before" }));
  }, 600_000);

  afterAll(async () => {
    rds?.destroy();
    await emulator?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const ops = (...args: string[]) =>
    runProgram(process.execPath, [...nodeScript("ops"), "restore", ...args], { env, accept: [0, 1, 2] });
  const instances = async () => {
    const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
    return DBInstances.sort((a, b) => (a.DBInstanceIdentifier ?? "").localeCompare(b.DBInstanceIdentifier ?? ""));
  };
  const names = async () => (await instances()).map(({ DBInstanceIdentifier: id }) => id);
  const remove = (DBInstanceIdentifier: string) =>
    rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));

  test("plans without making anything, makes an instance beside the other with --yes, and takes up one that is there", async () => {
    const planned = await ops("--snapshot", "before");
    const before = await names();
    const made = await ops("--snapshot", "before", "--yes");
    const again = await ops("--snapshot", "before", "--yes");

    expect(planned.stdout).toContain(
      `${restored} would be created, of ${name} at the snapshot before; nothing was done`,
    );
    expect(before).toEqual([name]);
    expect(made.stdout).toMatch(
      new RegExp(`^${restored} is available with the settings of ${name}, at .+\\nTo switch to it`),
    );
    expect(made.stdout).toContain(`in config/dev.ts, section database: instance: "${restored}"`);
    expect(await names()).toEqual([name, restored]);
    expect(again.output).toContain("exists already");
  }, 60_000);

  test("restores to a time, too, and adopts no instance of another restore", async () => {
    const time = `${new Date().toISOString().slice(0, 19)}Z`;

    const refused = await ops("--to-time", time, "--yes");
    await remove(restored);
    const planned = await ops("--to-time", time);
    const made = await ops("--to-time", time, "--yes");

    expect(refused.output).toContain(`${restored} exists already: got an instance that this restore has not created`);
    expect(planned.stdout).toContain(`of ${name} at ${time.replace("Z", ".000Z")}; nothing was done`);
    expect(made.stdout).toContain(`${restored} is available with the settings of ${name}`);
    expect(await names()).toEqual([name, restored]);
  }, 60_000);

  test("refuses a snapshot that is not there, and a time that is not kept, and makes nothing", async () => {
    const before = await names();
    const missing = await ops("--snapshot", "elsewhere", "--yes");
    const late = await ops("--to-time", "2999-01-01T00:00:00Z", "--yes");

    expect([missing.code, late.code]).toEqual([2, 2]);
    expect(missing.output).toContain("The snapshot elsewhere cannot be restored: got no such snapshot");
    expect(late.output).toContain("The database cannot be restored to that time: got 2999-01-01T00:00:00.000Z");
    expect(await names()).toEqual(before);
  }, 60_000);

  test("is switched to by configuration, and no instance is made, replaced or destroyed", async () => {
    // Prepare
    const before = await instances();

    // Act
    const there = await planOf("restored");
    await there.terraform.run(["apply", PLAN]);

    // Assess
    expect(there.kinds).toEqual({ [name]: "forget", [restored]: "update" });
    expect(there.refused).toEqual([]);
    const deployed = (identifier: string) => [{ type: "aws_db_instance", values: { identifier } }];
    const left = (identifier: string) => leftInstances(rds, overrideConfig(dev, {}), deployed(identifier));
    expect([await left(restored), await left(name)]).toEqual([[name], [restored]]);
    const after = await instances();
    const identities = (all: readonly DBInstance[]) =>
      all.map(({ DBInstanceIdentifier: id, DbiResourceId }) => [id, DbiResourceId]);
    expect(identities(after)).toEqual(identities(before));
  }, 600_000);

  /** What Terraform would make, made by hand: the provider waits minutes for an instance, whatever RDS says. */
  async function makeDatabase(): Promise<void> {
    const terraform = stackOf();
    await terraform.reinitialise();
    const { resource } = stackSchema.parse(JSON.parse(await readFile(join(terraform.folder, "cdk.tf.json"), "utf8")));
    const parts = Object.entries(resource).flatMap(([type, all]) => Object.keys(all).map((id) => `${type}.${id}`));
    const first = parts.filter((part) => !/^aws_(db_instance|cloudwatch_metric_alarm)\./.test(part));
    await terraform.apply(...first.map((part) => `-target=${part}`));
    const { made } = await planOf();
    const { address, change } = made ?? { address: "none", change: { after: {} } };
    const wanted = plannedInstance.parse(change.after);
    await rds.send(
      new CreateDBInstanceCommand({
        ...{ DBInstanceIdentifier: name, Engine: "postgres", EngineVersion: "17", StorageEncrypted: true },
        ...{ DBInstanceClass: wanted.instance_class, StorageType: "gp3", AllocatedStorage: wanted.allocated_storage },
        ...{ DBName: wanted.db_name, MasterUsername: wanted.username, KmsKeyId: wanted.kms_key_id },
        ...{ ManageMasterUserPassword: true, MasterUserSecretKmsKeyId: wanted.kms_key_id },
        ...{ DBParameterGroupName: wanted.parameter_group_name, DBSubnetGroupName: wanted.db_subnet_group_name },
        ...{ VpcSecurityGroupIds: wanted.vpc_security_group_ids, BackupRetentionPeriod: 7, PubliclyAccessible: false },
        Tags: [{ Key: "Project", Value: "millrace" }],
      }),
    );
    await terraform.run(["import", address, name]);
  }

  /** A stack of the database alone; the state is the same, whichever instance it uses. */
  function stackOf(use?: "made" | "restored"): Terraform {
    const { endpoint } = emulator;
    writeDatabaseStack(
      join(folder, "stack"),
      { endpoint, region: REGION, name, vpcId: String(network.vpcId), subnetIds: network.subnetIds as string[] },
      use === undefined ? undefined : { restored, use },
    );
    return new Terraform(join(folder, "stack"), { env });
  }

  async function planOf(use?: "made" | "restored") {
    const terraform = stackOf(use);
    await terraform.plan(PLAN);
    const plan = parsePlan(await terraform.show(PLAN), PLAN);
    const changes = plan.resource_changes.filter(({ type }) => type === "aws_db_instance");
    const kinds = changes.flatMap((change) => {
      const id = change.address.includes("_restored_") ? restored : name;
      return changeKind(change) === "unchanged" ? [] : [[id, changeKind(change)] as const];
    });
    const { refused } = judgePlans([{ stack: "etl", plan }], { labels: [], allow: [] });
    return { terraform, kinds: Object.fromEntries(kinds), refused, made: changes[0] };
  }
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

  test("has the same rows, and its ledger and runs go on as if nothing had been", async () => {
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
