import { existsSync } from "node:fs";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { backendFile } from "../../config/backend";
import type { Cloud } from "../../scripts/cloud/cloud";
import type { Deployment } from "../../scripts/cloud/deployment";
import { callCloud } from "../support/cloud/call-cloud";
import { cloudMissing, runScript, startCloud } from "../support/cloud/cloud";
import { keepProvider } from "../support/cloud/provider/kept-provider";
import { ACCOUNT } from "../support/cloud/roles/emulated-roles";
import { withoutDatabase } from "../support/cloud/stacks/light-stacks";
import { describeUnless } from "../support/files/real-data";

const MINUTES = 60_000;
const TRAIL = "bootstrap-millrace-prod-audit";
/** As CloudTrail names its files. */
const Key = `AWSLogs/${ACCOUNT}/CloudTrail/eu-central-1/2026/11/29/${ACCOUNT}_CloudTrail_eu-central-1_a.json.gz`;

/** A walk: each test goes on where the one before it ended. */
describeUnless(cloudMissing, "the record of prod on the emulated AWS", () => {
  let cloud: Cloud;
  let deployment: Deployment;
  let before: Awaited<ReturnType<Cloud["inventory"]>>;
  let bucket: string;

  beforeAll(async () => {
    const audit = { trail: { enabled: true }, config: "create", securityHub: "create" };
    const started = await startCloud({ overrides: async (cloud) => ({ ...(await withoutDatabase(cloud)), audit }) });
    cloud = started.cloud;
    deployment = await keepProvider(started.deployment.with({ ENVIRONMENT: "prod" }), "administrator");
    // As a person does once in an account: the recorder works by this role, and nothing else creates it.
    const body = new URLSearchParams({ Action: "CreateServiceLinkedRole", Version: "2010-05-08" });
    body.set("AWSServiceName", "config.amazonaws.com");
    await callCloud(cloud, { service: "iam", body });
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

  test("AWS Config records for the rules, and delivers where the trail does; Security Hub has the standard", async () => {
    const config = (operation: string) => ask("config", `StarlingDoveService.${operation}`, {});
    const { ConfigRules = [] } = await config("DescribeConfigRules");
    const { ConfigurationRecordersStatus = [] } = await config("DescribeConfigurationRecorderStatus");
    const { DeliveryChannels = [] } = await config("DescribeDeliveryChannels");
    const standards = await callCloud(cloud, { service: "securityhub", method: "POST", path: "/standards/get" });
    const { StandardsSubscriptions } = (await standards.json()) as Answer;

    expect(ConfigRules).toHaveLength(7);
    expect(ConfigRules).toContainEqual(
      expect.objectContaining({
        ConfigRuleName: "bootstrap-millrace-prod-rds-storage-encrypted",
        ConfigRuleState: "ACTIVE",
        Scope: { TagKey: "Project", TagValue: "millrace" },
      }),
    );
    expect(ConfigurationRecordersStatus).toMatchObject([{ name: TRAIL, recording: true }]);
    expect(DeliveryChannels).toMatchObject([{ name: TRAIL, s3BucketName: bucket }]);
    expect(StandardsSubscriptions).toMatchObject([
      { StandardsArn: expect.stringContaining("aws-foundational-security-best-practices"), StandardsStatus: "READY" },
    ]);
  });

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
      expect((await callCloud(cloud, { service: "securityhub", method: "GET", path: "/accounts" })).ok).toBe(false);
      expect(existsSync(backendFile(deployment.config))).toBe(false);
    },
    10 * MINUTES,
  );

  function call(operation: string, body: object): Promise<Response> {
    return callCloud(cloud, { service: "cloudtrail", target: `CloudTrail_20131101.${operation}`, body });
  }

  function cloudTrail(operation: string, body: object): Promise<Answer> {
    return ask("cloudtrail", `CloudTrail_20131101.${operation}`, body);
  }

  async function ask(service: string, target: string, body: object): Promise<Answer> {
    const answer = await callCloud(cloud, { service, target, body });
    if (!answer.ok) throw new Error(`${target}: ${await answer.text()}`);
    return (await answer.json()) as Answer;
  }
});

interface Answer {
  readonly IsLogging?: boolean;
  readonly AdvancedEventSelectors?: readonly { readonly Name: string }[];
  readonly trailList?: readonly Readonly<Record<string, unknown>>[];
  readonly ConfigRules?: readonly object[];
  readonly ConfigurationRecordersStatus?: readonly object[];
  readonly DeliveryChannels?: readonly object[];
  readonly StandardsSubscriptions?: readonly object[];
}
