import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Cloud } from "../../scripts/cloud/cloud";
import type { Deployment } from "../../scripts/cloud/deployment";
import { Terraform } from "../../scripts/deliver/terraform/terraform";
import { cloudMissing, githubTokens, startCloud } from "../support/cloud/cloud";
import { TopicListener } from "../support/cloud/observe/topic-listener";
import { keepProvider } from "../support/cloud/provider/kept-provider";
import { WorkflowRoles } from "../support/cloud/roles/workflow-roles";
import { DATABASE, type DeveloperWorld, developerWorld } from "../support/cloud/suites/developer/developer-world";
import { feedCommandsSuite } from "../support/cloud/suites/developer/feed-commands-suite";
import { describeUnless } from "../support/files/real-data";
import { Checkout } from "../support/processes/checkout";
import { withExistingDatabase } from "../support/servers/existing-database";

const MINUTES = 60_000;

describeUnless(cloudMissing, "a developer's own job on the emulated AWS, from nothing to nothing", () => {
  let cloud: Cloud;
  let deployment: Deployment;
  /** The deployment in the hands of the workflow that deploys what was merged. */
  let deployer: Deployment;
  let checkout: Checkout;
  let world: DeveloperWorld;
  let before: readonly string[];

  beforeAll(async () => {
    const off = { enabled: false };
    const pipelines = { orders: off };
    checkout = await Checkout.create();
    ({ cloud, deployment } = await startCloud({
      recorded: true,
      overrides: (found) => withExistingDatabase(found, DATABASE, pipelines),
    }));
    await (await keepProvider(deployment, "administrator")).bootstrap.create();
    const roles = new WorkflowRoles(cloud, deployment, githubTokens);
    const outdir = join(checkout.root, "cdktf.out");
    deployer = await keepProvider(await roles.take("deploy"), "deploy", outdir);
    await deploy();
    before = await addresses();
    const topic = await TopicListener.subscribe(cloud);
    world = developerWorld({ cloud, deployment, checkout, topic });
  }, 10 * MINUTES);

  afterAll(async () => {
    await cloud?.stop();
    checkout?.remove();
  });

  test(
    "it is made, passes its test, and its plan adds what is its own and touches nothing of another pipeline",
    async () => {
      // Act
      await checkout.npm("new-feed", ["made-up-sales"]);
      const config = join(checkout.root, "config", "dev.ts");
      const settings = '"made-up-sales": { trigger: "objects", source: { prefix: "sales/" } }';
      writeFileSync(config, readFileSync(config, "utf8").replace('"made-up-sales": {}', settings));
      const contract = join(checkout.root, "etl/feeds/made-up-sales.ts");
      const kept = readFileSync(contract, "utf8").replace(/^ {2}table: .*$/m, '$&\n  history: "full",');
      writeFileSync(contract, kept);
      await checkout.npm("jest", ["test/integration/samples"]);
      await checkout.commit("feat(made-up-sales): a job of our own");
      await deploy();

      // Assess
      const after = await addresses();
      expect(before.filter((address) => !after.includes(address))).toEqual([]);
      // The first pipeline with a database reads the network's outputs: a data source, not a resource.
      const added = after.filter((address) => !before.includes(address) && !address.startsWith("data."));
      expect(added.length).toBeGreaterThan(30);
      for (const address of added) expect(address).toMatch(/made-up-sales|import_steps-group/);
    },
    10 * MINUTES,
  );

  test(
    "an object below its prefix starts it, and its rows come into the database",
    async () => {
      // Act
      await world.put("sales/monday.csv", "id,day,note,amount\n1,2026-01-05,,120\n2,2026-01-05,,75\n");
      const [run] = await world.endedRuns(1);

      // Assess
      expect(run?.status).toBe("SUCCEEDED");
      expect(await world.sums()).toEqual([{ rows: "2", amount: "195.00" }]);
      const { output } = await world.json("status", "made-up-sales");
      expect(output.summary).toMatchObject({ rows: 2, objects: 1, text: "There were 2 inserts and 0 updates" });
      expect(await world.messages()).toEqual(["INFO: millrace-dev-made-up-sales succeeded"]);
    },
    3 * MINUTES,
  );

  feedCommandsSuite(() => world);

  test(
    "it is taken away again by reverting its commit, and nothing else goes",
    async () => {
      // Act
      await checkout.git("revert", "--no-edit", "HEAD");
      await deploy();

      // Assess
      expect(await addresses()).toEqual(before);
      expect((await world.opsEnding(2, "status", "made-up-sales")).output).toContain("There is no such pipeline");
      expect(await world.sums()).toEqual([{ rows: "3", amount: "200.00" }]);
    },
    6 * MINUTES,
  );

  async function deploy(): Promise<void> {
    await checkout.npm("deploy", ["--yes"], { env: deployer.env });
  }

  async function addresses(): Promise<readonly string[]> {
    const folder = join(checkout.root, "cdktf.out/dev/etl");
    const { stdout } = await new Terraform(folder, { env: deployment.env }).run(["state", "list"]);
    return stdout.split("\n").sort();
  }
});
