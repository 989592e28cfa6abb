import type { Cloud } from "../../scripts/cloud/cloud";
import { cloudMissing, githubTokens, runScript, startCloud } from "../support/cloud/cloud";
import { MOTO_FORGETS } from "../support/cloud/moto-forgets";
import { TopicListener } from "../support/cloud/observe/topic-listener";
import { keepProvider } from "../support/cloud/provider/kept-provider";
import { restoreDrill } from "../support/cloud/restore-drill";
import { WorkflowRoles } from "../support/cloud/roles/workflow-roles";
import { changesSuite } from "../support/cloud/suites/covid/changes-suite";
import { CovidCloud, serveSources } from "../support/cloud/suites/covid/covid-cloud";
import { faultsSuite, LOAD_TIMEOUT_SECONDS } from "../support/cloud/suites/covid/faults-suite";
import { loadsSuite } from "../support/cloud/suites/covid/loads-suite";
import { peopleSuite } from "../support/cloud/suites/covid/people-suite";
import { undoSuite } from "../support/cloud/suites/covid/undo-suite";
import { type FeedServer, startFeedServer } from "../support/feeds/feed-server";
import { describeUnless, realData } from "../support/files/real-data";
import { forgottenAttributes, plannedChanges, planOf } from "../support/plans/plan-changes";

const MINUTES = 60_000;

describeUnless(cloudMissing ?? realData.missing, "the daily feed, deployed to the emulated AWS", () => {
  let feed: FeedServer;
  let cloud: Cloud;
  let roles: WorkflowRoles;
  let before: Awaited<ReturnType<Cloud["inventory"]>>;
  let world: CovidCloud;
  const getWorld = () => world;

  beforeAll(async () => {
    feed = await startFeedServer();
    serveSources(feed, realData.cases());
    const sources = { cases: feed.url("/cases.csv"), recoveries: feed.url("/recoveries.csv") };
    const steps = { load: { timeoutSeconds: LOAD_TIMEOUT_SECONDS }, fetch: { timeoutSeconds: 30 } };
    const started = await startCloud({
      recorded: true,
      overrides: {
        budget: { monthlyUsd: 100 },
        pipelines: { covid: { sources, steps }, metadata: { recipients: { emails: ["metadata@example.com"] } } },
      },
    });
    const { deployment } = started;
    ({ cloud } = started);
    before = await cloud.inventory();
    const administrator = await keepProvider(deployment, "administrator");
    await Promise.all([deployment.build(), administrator.bootstrap.create()]);
    roles = new WorkflowRoles(cloud, deployment, githubTokens);
    const deployer = await keepProvider(await roles.take("deploy"), "deploy");
    const [database] = await deployer.deploy("network", "etl");
    if (database === undefined) throw new Error("no RDS instance was deployed");
    // As the documents say: only now is there a VPC for the roles to know.
    await administrator.bootstrap.create();
    const topic = await TopicListener.subscribe(cloud);
    world = new CovidCloud({ cloud, deployment, administrator, deployer, database, topic, feed });
  }, 20 * MINUTES);

  afterAll(async () => {
    await feed.close();
    await cloud?.stop();
  });

  test(
    "a second plan shows no changes but what moto forgets",
    async () => {
      // Act
      // One after the other: they share a provider, which is each stack's in turn.
      const plans: unknown[] = [];
      for (const stack of ["state-backend", "network", "etl"]) plans.push(await planOf(world.administrator, stack));

      // Assess
      expect(plans.flatMap(plannedChanges)).toEqual([]);
      const expected = MOTO_FORGETS.map(({ type, attribute }) => `${type}.${attribute}`);
      expect([...new Set(plans.flatMap(forgottenAttributes))].sort()).toEqual(expected.sort());
    },
    10 * MINUTES,
  );

  loadsSuite(getWorld);
  peopleSuite(getWorld);
  undoSuite(getWorld);
  restoreDrill(getWorld);
  faultsSuite(getWorld);
  changesSuite(getWorld);

  test(
    "destroyed in order, nothing of ours is left",
    async () => {
      // Prepare
      await world.topic.remove();

      // Act
      const refused = await runScript(world.deployment, "destroy", ["--confirm", "destroy-prod"], { expected: 2 });
      const destroyer = await keepProvider(await roles.take("destroy"), "destroy");
      const destroyed = await runScript(destroyer, "destroy", ["--confirm", "destroy-dev"]);
      await runScript(world.administrator, "bootstrap", [
        "--destroy",
        "--quiet",
        "--confirm",
        "millrace-dev-state-backend",
      ]);

      // Assess
      expect(refused.output).toContain("Nothing was destroyed");
      for (const kind of ["raw", "pages"]) {
        expect(destroyed.output).toMatch(new RegExp(`millrace-dev-${kind}-\\S+: [1-9]\\d* object versions deleted`));
      }
      expect(await cloud.inventory()).toEqual(before);
    },
    10 * MINUTES,
  );
});
