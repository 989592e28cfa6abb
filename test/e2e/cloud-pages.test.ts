import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { override } from "../../config/overrides";
import { prod } from "../../config/prod";
import type { Cloud } from "../../scripts/cloud/cloud";
import type { Deployment } from "../../scripts/cloud/deployment";
import { Terraform } from "../../scripts/deliver/terraform/terraform";
import { pagesWeb, quicksight } from "../infra/support/pages-web";
import { synthesize } from "../infra/support/synthesize";
import { cloudMissing, githubTokens, runScript, startCloud } from "../support/cloud/cloud";
import { keepProvider } from "../support/cloud/provider/kept-provider";
import { WorkflowRoles } from "../support/cloud/roles/workflow-roles";
import { pagesWebSuite, webPages } from "../support/cloud/suites/pages-web-suite";
import { describeUnless } from "../support/files/real-data";
import { plannedChanges, planOf } from "../support/plans/plan-changes";
import { withExistingDatabase } from "../support/servers/existing-database";

const MINUTES = 60_000;
const NO_PIPELINES = { covid: { enabled: false }, orders: { enabled: false }, metadata: { enabled: false } };

describeUnless(cloudMissing, "pages for people without AWS, on the emulated AWS", () => {
  let cloud: Cloud;
  let deployment: Deployment;
  let administrator: Deployment;
  let roles: WorkflowRoles;

  beforeAll(async () => {
    ({ cloud, deployment } = await startCloud({
      recorded: true,
      overrides: async (started) =>
        override(await withExistingDatabase(started, "warehouse", NO_PIPELINES), await webPages(started)),
    }));
    administrator = await keepProvider(deployment, "administrator");
    await Promise.all([deployment.build(), administrator.bootstrap.create()]);
    roles = new WorkflowRoles(cloud, deployment, githubTokens);
    const deployer = await keepProvider(await roles.take("deploy"), "deploy");
    await deployer.deploy("network", "etl");
  }, 8 * MINUTES);

  afterAll(() => cloud?.stop());

  test(
    "a second plan shows no changes",
    async () => {
      // As plan.yml does: the plan role takes no lock.
      const unlocked = (await roles.take("plan")).with({ TF_CLI_ARGS_plan: "-lock=false" });
      const planner = await keepProvider(unlocked, "plan");
      expect(plannedChanges(await planOf(planner, "etl"))).toEqual([]);
    },
    3 * MINUTES,
  );

  test(
    "what QuickSight would have is valid to Terraform and its provider, which know wrong words",
    async () => {
      // Prepare
      const { etl } = synthesize({ environment: prod, overrides: { pages: { web: pagesWeb, quicksight } } });
      // As deep as the others: what is built lies beside them.
      const folder = join(deployment.outdir, "prod", "etl");
      mkdirSync(folder, { recursive: true });
      const validate = async (text: string, code: number) => {
        writeFileSync(join(folder, "main.tf.json"), text);
        return (await terraform.run(["validate"], [code])).output;
      };
      const terraform = new Terraform(folder, { env: administrator.env });
      writeFileSync(join(folder, "main.tf.json"), etl.text);
      await terraform.reinitialise();

      // Act
      const valid = await validate(etl.text, 0);
      const wrong = await validate(etl.text.replaceAll("line_chart_visual", "line_chart_visuals"), 1);

      // Assess
      expect(etl.text).toContain("aws_quicksight_dashboard");
      expect(valid).toContain("The configuration is valid");
      expect(wrong).toMatch(/No argument or block type is named\s+"line_chart_visuals"/);
    },
    3 * MINUTES,
  );

  pagesWebSuite(() => ({ cloud, deployment }));

  test(
    "the destroy role takes everything away, the distribution with its keys and headers, too",
    async () => {
      const destroyer = await keepProvider(await roles.take("destroy"), "destroy");

      await runScript(destroyer, "destroy", ["--confirm", "destroy-dev"]);

      const { output } = await destroyer.terraform("etl").run(["state", "list"]);
      expect(output.trim()).toBe("");
    },
    5 * MINUTES,
  );
});
