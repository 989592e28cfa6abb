import { override } from "../../config/overrides";
import type { Cloud } from "../../scripts/cloud/cloud";
import type { Deployment } from "../../scripts/cloud/deployment";
import { cloudMissing, startCloud } from "../support/cloud";
import { keepProvider } from "../support/kept-provider";
import { withoutDatabase } from "../support/light-stacks";
import { pagesWebSuite, webPages } from "../support/pages-web-suite";
import { plannedChanges, planOf } from "../support/plan-changes";
import { describeUnless } from "../support/real-data";

const MINUTES = 60_000;
const noPipelines = {
  pipelines: { covid: { enabled: false }, orders: { enabled: false }, metadata: { enabled: false } },
};

describeUnless(cloudMissing, "pages for people without AWS, on the emulated AWS", () => {
  let cloud: Cloud;
  let deployment: Deployment;

  beforeAll(async () => {
    ({ cloud, deployment } = await startCloud({
      overrides: async (started) =>
        override(override(await withoutDatabase(started), noPipelines), await webPages(started)),
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

  pagesWebSuite(() => ({ cloud, deployment }));
});
