import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { override } from "../../config/overrides";
import { prod } from "../../config/prod";
import type { Cloud } from "../../scripts/cloud/cloud";
import type { Deployment } from "../../scripts/cloud/deployment";
import { Terraform } from "../../scripts/deliver/terraform/terraform";
import { pagesWeb, quicksight } from "../infra/support/pages-web";
import { synthesize } from "../infra/support/synthesize";
import { cloudMissing, startCloud } from "../support/cloud/cloud";
import { keepProvider } from "../support/cloud/kept-provider";
import { pagesWebSuite, webPages } from "../support/cloud/suites/pages-web-suite";
import { describeUnless } from "../support/files/real-data";
import { plannedChanges, planOf } from "../support/plans/plan-changes";
import { withExistingDatabase } from "../support/servers/existing-database";

const MINUTES = 60_000;
const NO_PIPELINES = { covid: { enabled: false }, orders: { enabled: false }, metadata: { enabled: false } };

describeUnless(cloudMissing, "pages for people without AWS, on the emulated AWS", () => {
  let cloud: Cloud;
  let deployment: Deployment;

  beforeAll(async () => {
    ({ cloud, deployment } = await startCloud({
      overrides: async (started) =>
        override(await withExistingDatabase(started, "warehouse", NO_PIPELINES), await webPages(started)),
    }));
    deployment = await keepProvider(deployment, "administrator");
    await deployment.build();
    await deployment.deploy("network", "etl");
  }, 6 * MINUTES);

  afterAll(() => cloud?.stop());

  test(
    "a second plan shows no changes",
    async () => expect(plannedChanges(await planOf(deployment, "etl"))).toEqual([]),
    2 * MINUTES,
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
      const terraform = new Terraform(folder, { env: deployment.env });
      writeFileSync(join(folder, "main.tf.json"), etl.text);
      await terraform.initAnew();

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
});
