import { dev } from "../../config/dev";
import type { Overrides } from "../../config/overrides";
import { prod } from "../../config/prod";
import { existingDatabase } from "./support/combinations";
import { isAllowed } from "./support/iam";
import { DeployedRoles } from "./support/roles";
import { synthesize } from "./support/synthesize";

const stackOf = (overrides: Overrides = {}, environment = prod) =>
  synthesize({ environment, overrides })["state-backend"];
const stack = stackOf();
const trail = stack.only("aws_cloudtrail");
const statementsAt = (place: RegExp, of = stack) =>
  of.policies().find((policy) => place.test(policy.place))?.statements ?? [];
const trailOnly = {
  StringEquals: { "aws:SourceArn": [expect.stringMatching(/:trail\/bootstrap-millrace-prod-audit$/)] },
};

interface Selector {
  readonly name: string;
  readonly field_selector: readonly { readonly field: string; readonly [operator: string]: unknown }[];
}

const selectorsOf = (of = stack) => of.only("aws_cloudtrail").advanced_event_selector as readonly Selector[];
const fieldOf = (name: string, field: string) =>
  selectorsOf()
    .find((selector) => selector.name === name)
    ?.field_selector.find((selector) => selector.field === field);

describe("the trail of prod", () => {
  test("covers all regions, proves that its files are whole, and encrypts them with its own key", () => {
    expect(trail).toMatchObject({
      is_multi_region_trail: true,
      include_global_service_events: true,
      enable_log_file_validation: true,
      kms_key_id: expect.stringMatching(/aws_kms_key\.audit_trail_key/),
      s3_bucket_name: expect.stringMatching(/aws_s3_bucket\.audit_trail_bucket/),
      cloud_watch_logs_group_arn: expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.audit.*:\*$/),
      cloud_watch_logs_role_arn: expect.stringMatching(/aws_iam_role\.audit_trail_writer/),
    });
    expect(trail.enable_logging).not.toBe(false);
  });

  test("exists only after bucket policy and role admit it", () => {
    expect(trail.depends_on).toEqual([
      expect.stringMatching(/^aws_s3_bucket_policy\.audit_trail_bucket/),
      expect.stringMatching(/^aws_iam_role_policy\.audit_trail_writer/),
    ]);
  });

  test("records objects of the project's buckets and of the states, and of no others", () => {
    const recorded = fieldOf("objects", "resources.ARN")?.starts_with as readonly string[];

    expect(recorded.map((arn) => arn.replaceAll(/\$\{[^}]*\}/g, "X"))).toEqual([
      ...["artifacts", "raw", "incoming", "pages"].map((kind) => `arn:X:s3:::millrace-prod-${kind}-X/`),
      "X/",
    ]);
    expect(recorded.at(-1)).toMatch(/aws_s3_bucket\.state_states_bucket_\w+\.arn/);
    expect(fieldOf("objects", "eventName")).toBeUndefined();
  });

  test("records who read or deleted its own files, but not that CloudTrail wrote them", () => {
    expect(fieldOf("this record", "resources.ARN")).toMatchObject({
      starts_with: [expect.stringMatching(/aws_s3_bucket\.audit_trail_bucket_\w+\.arn\}\/$/)],
    });
    expect(fieldOf("this record", "eventName")).toEqual({ field: "eventName", not_equals: ["PutObject"] });
  });

  test("records who called a function that shows what the database has", () => {
    expect(fieldOf("functions", "resources.ARN")).toMatchObject({
      equals: ["sql", "export"].map((name) => expect.stringMatching(new RegExp(`:function:millrace-prod-${name}$`))),
    });
    const functionsOf = (overrides: Overrides) =>
      selectorsOf(stackOf(overrides)).filter(({ name }) => name === "functions");
    expect(JSON.stringify(functionsOf({ sql: { enabled: false } }))).toMatch(/millrace-prod-export"/);
    expect(functionsOf({ sql: { enabled: false }, database: existingDatabase })).toEqual([]);
  });

  test("leaves management events to a trail that has them already", () => {
    const names = (overrides: Overrides) => selectorsOf(stackOf(overrides)).map(({ name }) => name);

    expect(names({})).toContain("management");
    expect(names({ audit: { trail: { managementEvents: false } } })).not.toContain("management");
  });
});

describe("its bucket and its key", () => {
  const policy = statementsAt(/aws_s3_bucket_policy\.audit/);

  test("admit this trail of CloudTrail, and for nothing else", () => {
    expect(policy.filter(({ effect }) => effect === "Allow")).toMatchObject([
      { actions: ["s3:GetBucketAcl"], principals: ["Service:cloudtrail.amazonaws.com"], conditions: trailOnly },
      {
        actions: ["s3:PutObject"],
        principals: ["Service:cloudtrail.amazonaws.com"],
        resources: [expect.stringMatching(/\/AWSLogs\/\$\{data\.aws_caller_identity[^}]*\}\/\*$/)],
        conditions: trailOnly,
      },
    ]);
    const admitted = statementsAt(/aws_kms_key\.audit/).filter(({ principals }) =>
      principals.includes("Service:cloudtrail.amazonaws.com"),
    );
    expect(admitted).toMatchObject([{ actions: ["kms:GenerateDataKey*", "kms:DescribeKey"], conditions: trailOnly }]);
  });

  test("refuse no encryption, since digests have S3's own", () => {
    expect(policy.filter(({ effect, actions }) => effect === "Deny" && actions.includes("s3:PutObject"))).toEqual([]);
  });

  test("let nobody delete a file but the lifecycle, until the bootstrap destroys", () => {
    const deletes = (statements = policy) =>
      statements.filter(({ effect, actions }) => effect === "Deny" && actions.includes("s3:DeleteObjectVersion"));
    const open = stackOf({ state: { protected: false } });

    expect(deletes()).toMatchObject([{ principals: ["*"], conditions: {} }]);
    expect(stack.named("aws_s3_bucket", "audit_trail")[0]?.arguments).toMatchObject({
      force_destroy: false,
      lifecycle: { prevent_destroy: true },
    });
    expect(deletes(statementsAt(/aws_s3_bucket_policy\.audit/, open))).toEqual([]);
    expect(open.named("aws_s3_bucket", "audit_trail")[0]?.arguments).toMatchObject({ force_destroy: true });
  });

  test("keep files for audit.trail.retentionDays, and the copy as all logs", () => {
    const changed = stackOf({ audit: { trail: { retentionDays: 2557 } }, logs: { retentionDays: 90 } });

    expect(changed.named("aws_s3_bucket_lifecycle_configuration", "audit")[0]?.arguments.rule).toMatchObject([
      { expiration: [{ days: 2557 }], noncurrent_version_expiration: [{ noncurrent_days: 1 }] },
    ]);
    expect(changed.only("aws_cloudwatch_log_group")).toMatchObject({ retention_in_days: 90 });
  });

  test("log access beside the states' bucket", () => {
    expect(stack.named("aws_s3_bucket_logging", "audit")[0]?.arguments).toMatchObject({
      target_bucket: expect.stringMatching(/aws_s3_bucket\.state_access-log/),
    });
  });
});

test("dev has no trail unless it asks for one", () => {
  expect(stackOf({}, dev).resources("aws_cloudtrail")).toEqual([]);
  expect(stackOf({ audit: { trail: { enabled: true } } }, dev).resources("aws_cloudtrail")).toHaveLength(1);
});

describe("the roles of the workflows", () => {
  const roles = new DeployedRoles("network create/none, database create");

  test.each(["plan", "deploy", "destroy"] as const)("%s can neither stop the trail nor reach its files", (kind) => {
    const statements = roles.statementsOf(kind);
    const bucket = "arn:aws:s3:::bootstrap-millrace-prod-audit-0a1b2c3d";
    const trailArn = "arn:aws:cloudtrail:eu-central-1:111122223333:trail/bootstrap-millrace-prod-audit";
    const requests = [
      ...["StopLogging", "UpdateTrail", "DeleteTrail", "PutEventSelectors"].map((call) => ({
        action: `cloudtrail:${call}`,
        resource: trailArn,
      })),
      ...["GetObject", "DeleteObject", "DeleteObjectVersion"].map((call) => ({
        action: `s3:${call}`,
        resource: `${bucket}/AWSLogs/111122223333/CloudTrail/a.json.gz`,
      })),
      ...["PutBucketPolicy", "PutLifecycleConfiguration", "DeleteBucket"].map((call) => ({
        action: `s3:${call}`,
        resource: bucket,
      })),
      {
        action: "logs:DeleteLogGroup",
        resource: "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/cloudtrail/bootstrap-millrace-prod-audit",
      },
    ];

    expect(statements.length).toBeGreaterThan(5);
    expect(requests.filter((request) => isAllowed(statements, request))).toEqual([]);
  });
});

describe("AWS Config and Security Hub", () => {
  const types = (overrides: Overrides) =>
    stackOf(overrides)
      .resources()
      .map(({ type }) => type)
      .filter((type) => /^aws_(config|securityhub)_/.test(type));
  const rules = Array.from({ length: 7 }, () => "aws_config_config_rule");

  test("are off unless asked for", () => {
    expect(types({})).toEqual([]);
  });

  test("leave out what an account can have one of where it has that already", () => {
    expect(types({ audit: { config: "existing", securityHub: "existing" } }).sort()).toEqual([
      ...rules,
      "aws_securityhub_standards_subscription",
    ]);
  });

  test("otherwise make the recorder, its channel and the hub, too, each after what it needs", () => {
    const made = stackOf({ audit: { config: "create", securityHub: "create" } });

    expect(types({ audit: { config: "create", securityHub: "create" } }).sort()).toEqual([
      ...rules,
      "aws_config_configuration_recorder",
      "aws_config_configuration_recorder_status",
      "aws_config_delivery_channel",
      "aws_securityhub_account",
      "aws_securityhub_standards_subscription",
    ]);
    expect(made.only("aws_config_configuration_recorder")).toMatchObject({
      role_arn: expect.stringMatching(/:role\/aws-service-role\/config\.amazonaws\.com\/AWSServiceRoleForConfig$/),
      recording_group: { all_supported: true, include_global_resource_types: true },
    });
    expect(made.only("aws_config_delivery_channel")).toMatchObject({
      s3_bucket_name: expect.stringMatching(/aws_s3_bucket\.audit_trail_bucket/),
      s3_kms_key_arn: expect.stringMatching(/aws_kms_key\.audit_trail_key/),
      depends_on: [
        expect.stringMatching(/^aws_config_configuration_recorder\./),
        expect.stringMatching(/^aws_s3_bucket_policy\.audit_trail/),
      ],
    });
    for (const { arguments: rule } of made.resources("aws_config_config_rule")) {
      expect(rule).toMatchObject({
        name: expect.stringMatching(/^bootstrap-millrace-prod-[a-z0-9-]+$/),
        scope: { tag_key: "Project", tag_value: "millrace" },
        depends_on: expect.arrayContaining([expect.stringMatching(/^aws_config_configuration_recorder_status\./)]),
      });
    }
    expect(made.only("aws_securityhub_account")).toMatchObject({ enable_default_standards: false });
    expect(made.only("aws_securityhub_standards_subscription")).toMatchObject({
      standards_arn: expect.stringMatching(/::standards\/aws-foundational-security-best-practices\/v\/1\.0\.0$/),
      depends_on: [expect.stringMatching(/^aws_securityhub_account\./)],
    });
  });

  test("deliver into the trail's bucket, which admits Config of this account and no one else's", () => {
    const byConfig = (of: typeof stack, place: RegExp) =>
      statementsAt(place, of).filter(({ principals }) => principals.includes("Service:config.amazonaws.com"));
    const made = stackOf({ audit: { config: "create" } });
    const here = { StringEquals: { "aws:SourceAccount": [expect.stringMatching(/aws_caller_identity/)] } };

    expect(byConfig(made, /aws_s3_bucket_policy\.audit/)).toMatchObject([
      { actions: ["s3:GetBucketAcl"], conditions: here },
      { actions: ["s3:ListBucket"], conditions: here },
      { actions: ["s3:PutObject"], resources: [expect.stringMatching(/\/Config\/\*$/)], conditions: here },
    ]);
    expect(byConfig(made, /aws_kms_key\.audit/)).toMatchObject([
      { actions: ["kms:Decrypt", "kms:GenerateDataKey"], conditions: here },
    ]);
    expect([...byConfig(stack, /aws_s3_bucket_policy\.audit/), ...byConfig(stack, /aws_kms_key\.audit/)]).toEqual([]);
  });

  test.each([
    [{ trail: { enabled: false }, config: "create" }, /audit\.config: got "create", allowed is off or existing/],
    [{ securityHub: "existing" }, /audit\.securityHub: got "existing", allowed is off where audit\.config is off/],
  ])("%j is refused", (audit, says) => {
    expect(() => stackOf({ audit })).toThrow(says);
  });
});
