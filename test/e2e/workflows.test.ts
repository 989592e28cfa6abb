import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PutPublicAccessBlockCommand, S3Client } from "@aws-sdk/client-s3";
import { override } from "../../config/overrides";
import type { Cloud } from "../../scripts/cloud/cloud";
import type { Deployment } from "../../scripts/cloud/deployment";
import { linkManagedDatabases } from "../../scripts/cloud/managed-databases";
import { serveFolder } from "../../scripts/cloud/serve-folder";
import { cloudMissing, runScript, startCloud } from "../support/cloud/cloud";
import { MOTO_FORGETS } from "../support/cloud/moto-forgets";
import { keepProvider } from "../support/cloud/provider/kept-provider";
import { destructionSuite } from "../support/cloud/suites/workflows/destruction-suite";
import { type Inventory, type WorkflowWorld, workflowWorld } from "../support/cloud/suites/workflows/workflow-world";
import { describeUnless } from "../support/files/real-data";
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
  let world: WorkflowWorld;

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
    world = workflowWorld({ cloud, deployment, folder, bootstrapped: await cloud.inventory() });
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
      const plans = await world.plan("first");
      const comment = await world.script("plan-review.ts", "--title", "Plan for dev", ...plans);
      const guard = await world.script("plan-guard.ts", ...plans);

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
      const deployer = await world.keptFor("deploy");
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
      const first = await world.plan("still");
      const found = await drift("still");
      const again = await world.plan("again");

      // Assess
      expect(found).toEqual({ drift: false, report: expect.stringContaining("no changes") });
      const [one, two] = await Promise.all(
        [first, again].map((plans) => world.script("deliver/workflow/plan-fingerprint.ts", ...plans)),
      );
      expect(two?.stdout).toBe(one?.stdout);
      const other = await world.script(
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
      await world.plan("changed");
      const found = await drift("changed");

      // Assess
      expect(found.drift).toBe(true);
      expect(found.report).toContain("aws_s3_bucket_public_access_block.platform_raw_public-access");
      expect(found.report).toContain("- block_public_policy false\n+ block_public_policy true\n");
    },
    4 * MINUTES,
  );

  destructionSuite(() => world);

  const files = (name: string) => ["network", "etl"].map((stack) => join(folder, name, `${stack}.json`));

  async function drift(name: string): Promise<{ readonly drift: boolean; readonly report: string }> {
    const out = join(folder, `${name}-drift`);
    await world.script("deliver/workflow/drift.ts", "--noise", noise, "--out", out, ...files(name));
    const [found, report] = ["drift", "report.md"].map((file) => readFileSync(join(out, file), "utf8"));
    return { drift: found === "true\n", report: report ?? "" };
  }
});

function rawBucket(inventory: Inventory): string | undefined {
  return Object.values(inventory)
    .flat()
    .find((name) => name.startsWith("millrace-dev-raw-"));
}
