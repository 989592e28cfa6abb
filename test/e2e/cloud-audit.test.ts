import { existsSync } from "node:fs";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { backendFile } from "../../config/backend";
import type { Cloud } from "../../scripts/cloud/cloud";
import type { Deployment } from "../../scripts/cloud/deployment";
import { callCloud } from "../support/cloud/call-cloud";
import { cloudMissing, runScript, startCloud } from "../support/cloud/cloud";
import { keepProvider } from "../support/cloud/kept-provider";
import { withoutDatabase } from "../support/cloud/light-stacks";
import { ACCOUNT } from "../support/cloud/roles/emulated-roles";
import { describeUnless } from "../support/files/real-data";

const MINUTES = 60_000;
const TRAIL = "bootstrap-millrace-prod-audit";
/** As CloudTrail names its files. */
const Key = `AWSLogs/${ACCOUNT}/CloudTrail/eu-central-1/2026/11/29/${ACCOUNT}_CloudTrail_eu-central-1_a.json.gz`;

/** A walk: each test goes on where the one before it ended. */
describeUnless(cloudMissing, "the trail of prod on the emulated AWS", () => {
  let cloud: Cloud;
  let deployment: Deployment;
  let before: Awaited<ReturnType<Cloud["inventory"]>>;
  let bucket: string;

  beforeAll(async () => {
    const started = await startCloud({ overrides: withoutDatabase });
    cloud = started.cloud;
    deployment = await keepProvider(started.deployment.with({ ENVIRONMENT: "prod" }), "administrator");
    before = await cloud.inventory();
  }, 5 * MINUTES);

  afterAll(() => cloud?.stop());

  test(
    "is created by the bootstrap and logs; a second one changes nothing",
    async () => {
      // Act
      await runScript(deployment, "bootstrap", ["--quiet"]);
      const again = await runScript(deployment, "bootstrap", []);

      // Assess
      const status = await cloudTrail("GetTrailStatus", { Name: TRAIL });
      const { AdvancedEventSelectors = [] } = await cloudTrail("GetEventSelectors", { TrailName: TRAIL });
      const { trailList = [] } = await cloudTrail("DescribeTrails", { trailNameList: [TRAIL] });
      bucket = String(trailList[0]?.S3BucketName);
      expect(again.output).toContain("Resources: 0 added, 0 changed, 0 destroyed");
      expect(status).toMatchObject({ IsLogging: true });
      expect(trailList).toMatchObject([{ IsMultiRegionTrail: true, LogFileValidationEnabled: true }]);
      expect(AdvancedEventSelectors.map(({ Name }) => Name)).toEqual(["management", "objects", "this record"]);
    },
    10 * MINUTES,
  );

  test("has a bucket that takes no other trail", async () => {
    const foreign = await call("CreateTrail", { Name: "another-trail", S3BucketName: bucket });

    expect(foreign.status).toBe(400);
    expect(await foreign.text()).toMatch(/InsufficientS3BucketPolicy.*Incorrect S3 bucket policy/s);
  });

  test("keeps its files from everybody, the administrator too", async () => {
    await new S3Client(cloud.client).send(new PutObjectCommand({ Bucket: bucket, Key, Body: "{}" }));

    const deleted = await callCloud(cloud, { service: "s3", method: "DELETE", path: `/${bucket}/${Key}` });

    expect(deleted.status).toBe(403);
  });

  test(
    "is not lost by a destruction that does not say so",
    async () => {
      // Act
      const confirmed = ["--destroy", "--quiet", "--confirm", "millrace-prod-state-backend"];
      const refused = await runScript(deployment, "bootstrap", confirmed, { expected: 1 });
      const kept = await cloud.inventory();
      await runScript(deployment, "bootstrap", [...confirmed, "--with-audit"]);

      // Assess
      expect(refused.output).toMatch(/record of who did what would be deleted.*--with-audit/s);
      expect(JSON.stringify(kept)).toContain(bucket);
      expect(await cloud.inventory()).toEqual(before);
      expect(existsSync(backendFile(deployment.config))).toBe(false);
    },
    10 * MINUTES,
  );

  function call(operation: string, body: object): Promise<Response> {
    return callCloud(cloud, { service: "cloudtrail", target: `CloudTrail_20131101.${operation}`, body });
  }

  async function cloudTrail(operation: string, body: object): Promise<Answer> {
    const answer = await call(operation, body);
    if (!answer.ok) throw new Error(`${operation}: ${await answer.text()}`);
    return (await answer.json()) as Answer;
  }
});

interface Answer {
  readonly IsLogging?: boolean;
  readonly AdvancedEventSelectors?: readonly { readonly Name: string }[];
  readonly trailList?: readonly Readonly<Record<string, unknown>>[];
}
