import { readFileSync, writeFileSync } from "node:fs";
import { override } from "../../config/overrides";
import type { Cloud } from "../../scripts/cloud/cloud";
import type { Deployment } from "../../scripts/cloud/deployment";
import { cloudMissing, githubTokens, startCloud } from "../support/cloud/cloud";
import { EmulatedFeeds } from "../support/cloud/emulated/emulated-feeds";
import { functionLog } from "../support/cloud/observe/function-log";
import { runStateMachine } from "../support/cloud/observe/state-machine-run";
import { TopicListener } from "../support/cloud/observe/topic-listener";
import { keepProvider } from "../support/cloud/provider/kept-provider";
import { WorkflowRoles } from "../support/cloud/roles/workflow-roles";
import { feedLoadsSuite } from "../support/cloud/suites/feeds/feed-loads-suite";
import { feedMendSuite } from "../support/cloud/suites/feeds/feed-mend-suite";
import { feedsAtOnceSuite } from "../support/cloud/suites/feeds/feeds-at-once-suite";
import { DATABASE, type FeedsWorld, feedsWorld } from "../support/cloud/suites/feeds/feeds-world";
import { feedFiles } from "../support/files/feed-files";
import { describeUnless } from "../support/files/real-data";
import { FeedReference } from "../support/models/feeds/feed-reference";
import { plannedChanges, planOf } from "../support/plans/plan-changes";
import { withExistingDatabase } from "../support/servers/existing-database";

const MINUTES = 60_000;
/** A 60th of Lambda's 15 minutes. */
const LIMIT_SECONDS = 15;
/** A call of it waits for somebody who holds the table. */
const PATIENT_SECONDS = 180;

describeUnless(cloudMissing, "two feeds in the emulated S3, loaded into an existing database", () => {
  let cloud: Cloud;
  let deployment: Deployment;
  /** The deployment, whose plans and bootstrap share a provider. */
  let administrator: Deployment;
  /** The deployment in the hands of the workflow that deploys what was merged. */
  let deployer: Deployment;
  let world: FeedsWorld;

  beforeAll(async () => {
    const monthly = { expression: "cron(0 2 1 * ? *)" };
    const steps = { load: { timeoutSeconds: LIMIT_SECONDS }, run: { timeoutSeconds: LIMIT_SECONDS } };
    const patient = { load: steps.load, run: { timeoutSeconds: PATIENT_SECONDS } };
    const names = { resourceName: "import", source: { prefix: "import/" } };
    const sales = { ...names, engine: "distributed-map", chunkMiB: 1, schedule: monthly, steps, verdicts: true };
    const byObjects = { engine: "lambda", trigger: "objects", maxRejected: "5" };
    const feeds = { sales, readings: { ...byObjects, chunkMiB: 1, steps: patient } };
    const off = { enabled: false };
    const pipelines = { orders: off, metadata: off };
    ({ cloud, deployment } = await startCloud({
      recorded: true,
      overrides: (found) => withExistingDatabase(found, DATABASE, pipelines, feeds),
    }));
    administrator = await keepProvider(deployment, "administrator");
    await Promise.all([deployment.build(), administrator.bootstrap.create()]);
    const roles = new WorkflowRoles(cloud, deployment, githubTokens);
    deployer = await keepProvider(await roles.take("deploy"), "deploy");
    await deployer.deploy("network", "etl");
    const bucket = new EmulatedFeeds(cloud, "millrace-dev");
    const topic = await TopicListener.subscribe(cloud);
    const reference = await FeedReference.create(cloud.postgres, "reference");
    world = feedsWorld({ cloud, deployment, bucket, topic, reference });
    for (const file of feedFiles()) await world.upload(file);
  }, 10 * MINUTES);

  afterAll(() => cloud?.stop());

  test(
    "a second plan shows no changes",
    async () => {
      expect(plannedChanges(await planOf(administrator, "etl"))).toEqual([]);
    },
    3 * MINUTES,
  );

  feedLoadsSuite(() => world, LIMIT_SECONDS);
  feedsAtOnceSuite(() => world);
  feedMendSuite(() => world);

  test(
    "with their engines switched, and other chunks, both read everything again and change nothing",
    async () => {
      // Prepare
      const { run, query, hashOfReadings, hashOfSales } = world;
      const before = [await hashOfSales(), await hashOfReadings()];
      const file = deployer.env.MILLRACE_CONFIG ?? "";
      const switched = {
        sales: { engine: "lambda", chunkMiB: 2 },
        readings: { engine: "distributed-map", chunkMiB: 3 },
      };
      writeFileSync(file, JSON.stringify(override(JSON.parse(readFileSync(file, "utf8")), { feeds: switched })));
      await deployer.deploy("etl");

      // Act
      const runs = [await run({ full: true }), await runStateMachine(cloud, "millrace-dev-readings", { full: true })];

      // Assess
      expect(runs.map(({ status }) => status)).toEqual(["SUCCEEDED", "SUCCEEDED"]);
      expect([await hashOfSales(), await hashOfReadings()]).toEqual(before);
      // Several calls on a slow machine; a fast one needs one.
      const calls = (await functionLog(cloud, "millrace-dev-import-run")).filter((line) => line.includes("step done"));
      expect(calls).not.toEqual([]);
      const [took] = await query<{ seconds: number }>(
        "SELECT sum(seconds) AS seconds FROM import_chunk WHERE run = (SELECT id FROM etl_run WHERE pipeline = 'sales' ORDER BY started DESC LIMIT 1)",
      );
      expect(took?.seconds).toBeGreaterThan(0);
    },
    10 * MINUTES,
  );
});
