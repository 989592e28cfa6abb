import { prod } from "../../config/prod";
import { combinations } from "./support/combinations";
import { someBackend, synthesize } from "./support/synthesize";
import type { Template } from "./support/template";

/** What Lambda needs to place a function in a network. */
const placement = [
  "ec2:AssignPrivateIpAddresses",
  "ec2:CreateNetworkInterface",
  "ec2:DeleteNetworkInterface",
  "ec2:DescribeNetworkInterfaces",
  "ec2:DescribeSubnets",
  "ec2:UnassignPrivateIpAddresses",
];

/** Allowed actions of a role, each with its resources' kinds: `s3:GetObject aws_s3_bucket.platform_raw/covid/*`. */
function allowed(etl: Template, role: string): string[] {
  const [policy, ...others] = etl.policies().filter(({ place }) => place.includes(`${role}_role_policy`));
  if (policy === undefined || others.length > 0) throw new Error(`expected one policy of ${role}`);
  return policy.statements
    .filter(({ effect }) => effect === "Allow")
    .flatMap(({ actions, resources }) =>
      actions.flatMap((action) => resources.map((resource) => `${action} ${shorten(resource)}`)),
    )
    .sort();
}

function shorten(resource: string): string {
  return resource.replace(/\$\{([\w.-]+?)(_[0-9A-F]{8})([^}]*)\}/, "$1");
}

describe.each(combinations)("permissions in the etl stack, $name", ({ overrides }) => {
  const { etl } = synthesize({ environment: prod, backend: someBackend, overrides });
  const identity = etl.policies().filter(({ place }) => place.startsWith("aws_iam_role_policy."));

  it("has one policy a role", () => {
    expect(identity).toHaveLength(etl.resources("aws_iam_role").length);
    expect(etl.resources("aws_iam_role_policy")).toHaveLength(identity.length);
    expect(etl.resources("aws_iam_role_policy_attachment")).toEqual([]);
  });

  it("trusts one service a role, for this account where the service says it", () => {
    const trust = etl.policies().filter(({ place }) => place.includes("_trust_"));

    expect(trust.flatMap(({ statements }) => statements.flatMap(({ principals }) => principals)).sort()).toEqual(
      [
        "Service:lambda.amazonaws.com",
        "Service:lambda.amazonaws.com",
        ...(etl.resources("aws_db_instance").length > 0 ? ["Service:monitoring.rds.amazonaws.com"] : []),
        "Service:scheduler.amazonaws.com",
        "Service:states.amazonaws.com",
      ].sort(),
    );
    for (const { statements: trusted } of trust) {
      for (const { principals, conditions } of trusted) {
        const names = /scheduler|states/.test(String(principals));
        expect(conditions.StringEquals?.["aws:SourceAccount"]).toEqual(names ? [expect.any(String)] : undefined);
      }
    }
  });
});

describe("each role", () => {
  const { etl } = synthesize({ environment: prod, backend: someBackend });
  const own = [
    "kms:Decrypt aws_kms_key.platform_key",
    "kms:GenerateDataKey aws_kms_key.platform_key",
    "s3:GetObject aws_s3_bucket.platform_raw_bucket/covid/*",
    "s3:ListBucket aws_s3_bucket.platform_raw_bucket",
    "sqs:SendMessage aws_sqs_queue.covid_dead-letters_queue",
    "xray:PutTelemetryRecords *",
    "xray:PutTraceSegments *",
  ];
  const logsOf = (step: string) =>
    ["CreateLogStream", "PutLogEvents"].map(
      (action) => `logs:${action} aws_cloudwatch_log_group.covid_${step}_logs_group:*`,
    );

  it("lets fetch write raw objects, and nothing of the database", () => {
    const expected = [...own, ...logsOf("fetch"), "s3:PutObject aws_s3_bucket.platform_raw_bucket/covid/*"];

    expect([...new Set(allowed(etl, "covid_fetch"))]).toEqual(expected.sort());
  });

  it("lets load read raw objects and the one secret, and write none", () => {
    const expected = [
      ...own,
      ...logsOf("load"),
      ...placement.map((action) => `${action} *`),
      "secretsmanager:GetSecretValue aws_db_instance.database_instance",
    ];

    expect([...new Set(allowed(etl, "covid_load"))]).toEqual(expected.sort());
  });

  it("denies load's own code what Lambda needs to place it in the network", () => {
    const [policy] = etl.policies().filter(({ place }) => place.includes("covid_load_role_policy"));
    const denied = policy?.statements.filter(({ effect }) => effect === "Deny");

    expect(denied).toHaveLength(1);
    expect(denied?.[0]?.actions).toEqual(placement);
    expect(denied?.[0]?.conditions).toEqual({
      ArnEquals: { "lambda:SourceFunctionArn": [expect.stringMatching(/:function:millrace-prod-covid-load$/)] },
    });
  });

  it("lets the machine call these two functions and publish to this topic", () => {
    const actions = allowed(etl, "covid_machine").filter((line) => !line.endsWith(" *"));

    expect(actions).toEqual([
      "kms:Decrypt aws_kms_key.platform_key",
      "kms:GenerateDataKey aws_kms_key.platform_key",
      "lambda:InvokeFunction aws_lambda_function.covid_fetch_function",
      "lambda:InvokeFunction aws_lambda_function.covid_load_function",
      "sns:Publish aws_sns_topic.platform_topic",
    ]);
  });

  it("lets the schedule start this machine, and leave what failed in the queue", () => {
    expect(allowed(etl, "covid_schedule")).toEqual([
      "kms:Decrypt aws_kms_key.platform_key",
      "kms:GenerateDataKey aws_kms_key.platform_key",
      "sqs:SendMessage aws_sqs_queue.covid_dead-letters_queue",
      "states:StartExecution aws_sfn_state_machine.covid_machine",
    ]);
  });
});
