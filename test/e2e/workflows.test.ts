import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { PutPublicAccessBlockCommand, S3Client } from "@aws-sdk/client-s3";
import { override } from "../../config/overrides";
import type { Cloud } from "../../scripts/cloud/cloud";
import type { Deployment } from "../../scripts/cloud/deployment";
import { linkManagedDatabases } from "../../scripts/cloud/managed-databases";
import { serveFolder } from "../../scripts/cloud/serve-folder";
import type { RoleKind } from "../../scripts/deliver/github-check/repository-variables";
import { cloudMissing, githubTokens, runScript, startCloud } from "../support/cloud/cloud";
import { MOTO_FORGETS } from "../support/cloud/moto-forgets";
import { keepProvider } from "../support/cloud/provider/kept-provider";
import { WorkflowRoles } from "../support/cloud/roles/workflow-roles";
import { describeUnless } from "../support/files/real-data";
import { runEtl } from "../support/processes/run-etl";
import { runProjectScript } from "../support/processes/run-script";

const MINUTES = 60_000;
const samples = resolve(__dirname, "../../samples/covid");
/** As in prod: what must be taken off before anything can be destroyed. */
const PROTECTION = {
  database: { deletionProtection: true, finalSnapshot: true },
  pipelines: { orders: { ledger: { deletionProtection: true } } },
};

/** The scripts behind the workflows, in the order in which .github/workflows call them and with the roles of their jobs. */
describeUnless(cloudMissing, "plan, deploy, drift and destroy on the emulated AWS, as the workflows do it", () => {
  const folder = mkdtempSync(join(tmpdir(), "millrace-workflows-"));
  const noise = join(folder, "noise.json");
  let feed: Server;
  let cloud: Cloud;
  let deployment: Deployment;
  let roles: WorkflowRoles;
  let bootstrapped: Awaited<ReturnType<Cloud["inventory"]>>;

  beforeAll(async () => {
    writeFileSync(noise, JSON.stringify(MOTO_FORGETS));
    const { url, server } = await serveFolder(samples);
    feed = server;
    const sources = { cases: `${url}/made-up-cases.csv`, recoveries: `${url}/made-up-recoveries.csv` };
    const pipelines = { ...PROTECTION.pipelines, covid: { sources } };
    ({ cloud, deployment } = await startCloud({
      recorded: true,
      // On AWS some seconds pass until Lambda, Step Functions, Scheduler, RDS and EC2 know a new role.
      refuse: { "fresh-roles": "5" },
      overrides: { ...PROTECTION, github: { repository: "octo-org/millrace" }, pipelines },
    }));
    const administrator = await keepProvider(deployment, "administrator");
    await Promise.all([deployment.build(), administrator.bootstrap.create()]);
    roles = new WorkflowRoles(cloud, deployment, githubTokens);
    bootstrapped = await cloud.inventory();
  }, 10 * MINUTES);

  afterAll(async () => {
    feed?.close();
    await cloud?.stop();
    rmSync(folder, { recursive: true });
  });

  test(
    "a pull request's first plan shows the network, and says what etl waits for; the guard lets it pass",
    async () => {
      // Act
      const plans = await plan("first");
      const comment = await script("plan-review.ts", "--title", "Plan for dev", ...plans);
      const guard = await script("plan-guard.ts", ...plans);

      // Assess
      expect(comment.stdout).toContain("> **etl** is not planned: **network** is not deployed yet.");
      expect(comment.stdout).toMatch(/\| network \| network \| create \| `aws_vpc\.network_vpc_\w+` \|/);
      expect(guard.code).toBe(0);
    },
    5 * MINUTES,
  );

  test(
    "deploys in waves, shows the outputs, and the smoke test loads the feed",
    async () => {
      // Prepare
      const summary = join(folder, "summary.md");
      const unfit = join(folder, "unfit.json");
      const config = JSON.parse(readFileSync(deployment.configFile, "utf8"));
      const changes = {
        aws: { accountId: "111122223333" },
        database: { instanceClass: "db.x2g.large" },
        pipelines: { metadata: { steps: { summarize: { reservedConcurrency: 1000 } } } },
      };
      writeFileSync(unfit, JSON.stringify(override(config, changes)));

      // Act
      const deployer = await keptFor("deploy");
      const looked = await runProjectScript("doctor.ts", ["--json"], deployer.env);
      const refused = await runProjectScript("doctor.ts", ["--json"], { ...deployer.env, MILLRACE_CONFIG: unfit });
      const deployed = await runScript(deployer, "deploy", ["--summary", summary, "--reviewed", ...files("first")]);
      await linkManagedDatabases(cloud);
      const smoke = await runScript(deployer, "deliver/workflow/smoke-test", ["--summary", summary]);

      // Assess
      // Nothing is named that the role cannot look up; a new account has no role of RDS yet.
      expect(JSON.parse(looked.stdout).filter(({ level }: { readonly level: string }) => level !== "ok")).toEqual([
        expect.objectContaining({ name: "account", detail: expect.stringContaining("any account would be accepted") }),
        expect.objectContaining({ name: "roles", detail: expect.stringContaining("the first database creates it") }),
        expect.objectContaining({ name: "e-mail", detail: "nobody hears of runs and alarms" }),
      ]);
      const failed = JSON.parse(refused.stdout).filter(({ level }: { readonly level: string }) => level === "fail");
      expect(refused.code).toBe(1);
      expect(failed).toEqual([
        expect.objectContaining({ name: "account", detail: expect.stringContaining("are for 123456789012") }),
        expect.objectContaining({ name: "concurrency", detail: expect.stringMatching(/reserve 1\d\d\d of 990 /) }),
        expect.objectContaining({ name: "database", detail: expect.stringContaining("on db.x2g.large") }),
      ]);
      expect(deployed.output).toMatch(/pre-flight: \d+ of 14 checks passed/);
      expect(deployed.output).toContain("network first: a stack waits for it");
      expect(deployed.output).toContain("done. Next: npm run ops -- start covid --wait");
      const text = readFileSync(summary, "utf8");
      expect(text).toMatch(/\| etl \| covid\/load \| create \|/);
      expect(text).toMatch(/\| etl \| `raw_bucket` \| `millrace-dev-raw-\d{12}` \|/);
      expect(text).not.toContain("cross-stack-output");
      expect(JSON.parse(smoke.stdout)).toMatchObject({ load: { inserted: 240, updated: 0 } });
    },
    15 * MINUTES,
  );

  test(
    "there is no drift besides what the emulator forgets, and the same plan has the same fingerprint",
    async () => {
      // Act
      const first = await plan("still");
      const found = await drift("still");
      const again = await plan("again");

      // Assess
      expect(found).toEqual({ drift: false, report: expect.stringContaining("no changes") });
      const [one, two] = await Promise.all(
        [first, again].map((plans) => script("deliver/workflow/plan-fingerprint.ts", ...plans)),
      );
      expect(two?.stdout).toBe(one?.stdout);
      const other = await script(
        "deliver/workflow/plan-fingerprint.ts",
        "--expect",
        one?.stdout ?? "",
        ...files("first"),
      );
      expect(other).toMatchObject({ code: 1, output: expect.stringContaining("not the reviewed one") });
    },
    6 * MINUTES,
  );

  test(
    "a change made by hand is drift",
    async () => {
      // Prepare
      const s3 = new S3Client(cloud.client);
      const Bucket = rawBucket(await cloud.inventory());
      const PublicAccessBlockConfiguration = { BlockPublicAcls: true, BlockPublicPolicy: false };
      await s3.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }));

      // Act
      await plan("changed");
      const found = await drift("changed");

      // Assess
      expect(found.drift).toBe(true);
      expect(found.report).toContain("aws_s3_bucket_public_access_block.platform_raw_public-access");
      expect(found.report).toContain("- block_public_policy false\n+ block_public_policy true\n");
    },
    4 * MINUTES,
  );

  test(
    "the wrong text destroys nothing",
    async () => {
      // Prepare
      const before = await cloud.inventory();
      const wrong = ["--confirm", "destroy-prod"];

      // Act
      const shell = await script("deliver/workflow/confirm-destroy.sh");
      const destroyer = await keptFor("destroy");
      const prepared = await runScript(destroyer, "deliver/workflow/prepare-destroy", wrong, { expected: 2 });
      const destroyed = await runScript(destroyer, "destroy", wrong, { expected: 2 });

      // Assess
      expect(shell).toMatchObject({ code: 1, output: expect.stringContaining("destroy-dev") });
      expect(prepared.output).toContain("Nothing was destroyed");
      expect(destroyed.output).toContain("Nothing was destroyed");
      expect(await cloud.inventory()).toEqual(before);
    },
    4 * MINUTES,
  );

  test(
    "the destruction is shown first, with the data that goes; the guard would refuse it",
    async () => {
      // Act
      const plans = await plan("gone", "--destroy");
      const review = await script("plan-review.ts", ...plans);
      const guard = await script("plan-guard.ts", ...plans);
      const data = await runScript(await keptFor("plan"), "deliver/workflow/list-data", []);

      // Assess
      expect(plans.map((file) => file.replace(/.*\//, ""))).toEqual(["etl.json", "network.json"]);
      expect(review.stdout).toMatch(/\[!CAUTION\][\s\S]*`aws_db_instance\.\S+` is \*\*destroyed\*\*/);
      expect(guard).toMatchObject({ code: 1, output: expect.stringContaining("aws_dynamodb_table.orders_ledger") });
      expect(guard.output).not.toContain("aws_sqs_queue");
      expect(data.stdout).toMatch(/\| `millrace-dev-raw-\d{12}` \| [1-9]\d* \| \d+\.\d \|/);
      expect(data.stdout).toContain("Database `millrace-dev-etl`: ");
      expect(data.stdout).toContain("pg_stat_user_tables");
    },
    5 * MINUTES,
  );

  test(
    "the destruction is rehearsed: all tables and the ledger are exported, restored, compared and kept, and nothing changes",
    async () => {
      // Prepare
      const dynamodb = new DynamoDBClient(cloud.client);
      const TableName = "millrace-dev-orders-ledger";
      const texts = { batch: "20230828", name: "message/7", value: "{}", revision: "1" };
      const Item = Object.fromEntries(Object.entries(texts).map(([name, S]) => [name, { S }]));
      await dynamodb.send(new PutItemCommand({ TableName, Item }));
      const before = await cloud.inventory();

      // Act
      const rehearsed = await runScript(await keptFor("destroy"), "destroy", ["--rehearse"]);
      const after = await cloud.inventory();
      const [, place = ""] =
        /npm run etl -- import --from (\S+) --ledger millrace-dev-orders-ledger/.exec(rehearsed.stdout) ?? [];
      const restored = await runEtl(folder, ["import", "--rehearse", "--from", place], deployment.env);

      // Assess
      expect(after).toEqual(before);
      expect(rehearsed.output).toMatch(/rehearse dev: exported covid_daily: 240 rows/);
      expect(rehearsed.output).toMatch(/rehearse dev: restored covid_daily: the same 240 rows/);
      expect(rehearsed.stdout).toMatch(/\| `covid_daily` \| 240 \| [1-9][\d,]* \| [1-9][\d,]* \|/);
      expect(rehearsed.stdout).toContain("Ledger `millrace-dev-orders-ledger`: 1 items.");
      expect(rehearsed.stdout).toMatch(/\| `millrace-dev-raw-\d{12}` \| [1-9]\d* \|/);
      expect(place).toMatch(/^s3:\/\/bootstrap-millrace-dev-state-\w+\/millrace\/dev\/exports\/20[\dTZ-]+$/);
      expect(restored).toMatchObject({ code: 0, stderr: expect.stringContaining("The export can be restored") });
      expect(restored.stderr).toContain("restored covid_daily: 240 rows");
    },
    5 * MINUTES,
  );

  test(
    "after the right text nothing is left but the final snapshot and the state backend",
    async () => {
      // Prepare
      const confirm = ["--confirm", "destroy-dev"];

      // Act
      const destroyer = await keptFor("destroy");
      const before = await cloud.inventory();
      const kept = await runScript(destroyer, "destroy", confirm, { expected: 1 });
      const after = await cloud.inventory();
      // Half done: what is not protected and holds nothing goes.
      const half = await destroyer.terraform("etl").run(["destroy", "-auto-approve"], [1]);
      const prepared = await runScript(destroyer, "deliver/workflow/prepare-destroy", confirm);
      const destroyed = await runScript(destroyer, "destroy", confirm);

      // Assess
      const lines = kept.output.trim().split("\n");
      expect(lines.at(-1)).toMatch(
        /^error: Nothing was emptied or destroyed: .*database millrace-dev-etl, table millrace-dev-orders.*prepare-destroy/,
      );
      expect(lines.length).toBeLessThan(5);
      expect(after).toEqual(before);
      expect(half.output).toMatch(/Destruction complete[\s\S]*Error: [\s\S]*protect/i);
      expect(destroyed.output).toMatch(/destroy dev: \d+ resources to destroy/);
      expect(destroyed.output).not.toMatch(/Still destroying|Destruction complete/);
      expect(prepared.output).toContain("a final snapshot is taken");
      const { "rds snapshots": snapshots = [], ...left } = byKind(await cloud.inventory());
      expect(snapshots).toEqual([expect.stringMatching(/^millrace-dev-etl-final-/)]);
      expect(left).toEqual(byKind(bootstrapped));
    },
    15 * MINUTES,
  );

  async function keptFor(kind: RoleKind): Promise<Deployment> {
    return keepProvider(await roles.take(kind), kind);
  }

  async function plan(name: string, ...args: readonly string[]): Promise<readonly string[]> {
    const planner = await keptFor("plan");
    const { stdout } = await runScript(planner, "deliver/workflow/plan-stacks", ["--out", join(folder, name), ...args]);
    return stdout.split("\n");
  }

  const files = (name: string) => ["network", "etl"].map((stack) => join(folder, name, `${stack}.json`));

  const script = (name: string, ...args: readonly string[]) =>
    runProjectScript(name, args, { ...deployment.env, ENVIRONMENT: "dev", CONFIRM: "destroy-prod" });

  async function drift(name: string): Promise<{ readonly drift: boolean; readonly report: string }> {
    const out = join(folder, `${name}-drift`);
    await script("deliver/workflow/drift.ts", "--noise", noise, "--out", out, ...files(name));
    const [found, report] = ["drift", "report.md"].map((file) => readFileSync(join(out, file), "utf8"));
    return { drift: found === "true\n", report: report ?? "" };
  }
});

type Inventory = Readonly<Record<string, readonly string[]>>;

function rawBucket(inventory: Inventory): string | undefined {
  return Object.values(inventory)
    .flat()
    .find((name) => name.startsWith("millrace-dev-raw-"));
}

/** Snapshots under a name of their own, whatever the inventory calls them. */
function byKind(inventory: Inventory): Inventory {
  const isSnapshot = (name: string) => name.startsWith("millrace-dev-etl-final-");
  const snapshots = Object.values(inventory).flat().filter(isSnapshot);
  const others = Object.entries(inventory).map(
    ([kind, names]) => [kind, names.filter((name) => !isSnapshot(name))] as const,
  );
  const kept = Object.fromEntries(others.filter(([, names]) => names.length > 0));
  return snapshots.length === 0 ? kept : { ...kept, "rds snapshots": snapshots };
}
