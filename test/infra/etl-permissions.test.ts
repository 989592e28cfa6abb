import { prod } from "../../config/prod";
import { combinations } from "./support/combinations";
import { someBackend, synthesizeShipped } from "./support/synthesize";
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
  const { etl } = synthesizeShipped({ environment: prod, backend: someBackend, overrides });
  const identity = etl.policies().filter(({ place }) => place.startsWith("aws_iam_role_policy."));

  test("has one policy a role", () => {
    expect(identity).toHaveLength(etl.resources("aws_iam_role").length);
    expect(etl.resources("aws_iam_role_policy")).toHaveLength(identity.length);
    expect(etl.resources("aws_iam_role_policy_attachment")).toEqual([]);
  });

  test("trusts one service a role, for this account where the service says it", () => {
    const trust = etl.policies().filter(({ place }) => place.includes("_trust_"));

    expect(trust.flatMap(({ statements }) => statements.flatMap(({ principals }) => principals)).sort()).toEqual(
      [
        ...Array(8).fill("Service:lambda.amazonaws.com"),
        ...(etl.resources("aws_db_instance").length > 0
          ? ["Service:lambda.amazonaws.com", "Service:monitoring.rds.amazonaws.com"]
          : []),
        ...Array(3).fill("Service:scheduler.amazonaws.com"),
        "Service:states.amazonaws.com",
      ].sort(),
    );
    for (const { statements: trusted } of trust) {
      for (const { principals, conditions } of trusted) {
        const names = /scheduler|states|monitoring/.test(String(principals));
        expect(conditions.StringEquals?.["aws:SourceAccount"]).toEqual(names ? [expect.any(String)] : undefined);
      }
    }
  });
});

describe("each role", () => {
  const { etl } = synthesizeShipped({ environment: prod, backend: someBackend });
  /** What every function may: log, trace, leave what failed. */
  const basic = (pipeline: string, step: string) => [
    ...["CreateLogStream", "PutLogEvents"].map(
      (action) => `logs:${action} aws_cloudwatch_log_group.${pipeline}_${step}_logs_group:*`,
    ),
    "kms:Decrypt aws_kms_key.platform_key",
    "kms:GenerateDataKey aws_kms_key.platform_key",
    `sqs:SendMessage aws_sqs_queue.${pipeline}_dead-letters_queue`,
    "xray:PutTelemetryRecords *",
    "xray:PutTraceSegments *",
  ];
  const readsRaw = [
    "s3:GetObject aws_s3_bucket.platform_raw_bucket/covid/*",
    "s3:ListBucket aws_s3_bucket.platform_raw_bucket",
  ];
  /** What Lambda needs to take events from a trigger's queue for a function. */
  const takesFrom = (pipeline: string) =>
    ["DeleteMessage", "GetQueueAttributes", "ReceiveMessage"].map(
      (action) => `sqs:${action} aws_sqs_queue.${pipeline}_trigger_queue`,
    );
  const readsIncoming = (keys: string) => [
    `s3:GetObject aws_s3_bucket.platform_incoming_bucket/${keys}`,
    `s3:GetObjectVersion aws_s3_bucket.platform_incoming_bucket/${keys}`,
    "s3:ListBucket aws_s3_bucket.platform_incoming_bucket",
  ];

  test("lets fetch write raw objects, and nothing of the database", () => {
    const expected = [
      ...basic("covid", "fetch"),
      ...readsRaw,
      "s3:PutObject aws_s3_bucket.platform_raw_bucket/covid/*",
    ];

    expect([...new Set(allowed(etl, "covid_fetch"))]).toEqual(expected.sort());
  });

  test("lets fetch read exactly the secrets of its sources, which their boundary lets through", () => {
    const secret = (name: string) => `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}`;
    const secretKeyArn = "arn:aws:kms:eu-central-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    const credentials = {
      cases: { secretArn: secret("cases-AbCdEf"), secretKeyArn },
      recoveries: { secretArn: secret("recoveries-AbCdEf") },
    };
    const overrides = { pipelines: { covid: { credentials } } };
    const stacks = synthesizeShipped({ environment: prod, backend: someBackend, overrides });
    const boundary = stacks["state-backend"].policies().find(({ place }) => place.includes("boundary_document"));
    const limits = (action: string) =>
      boundary?.statements.filter(({ actions }) => actions.includes(action)).flatMap(({ resources }) => resources);

    const before = allowed(etl, "covid_fetch");
    const added = allowed(stacks.etl, "covid_fetch").filter((line) => !before.includes(line));
    expect(added).toEqual([
      `kms:Decrypt ${secretKeyArn}`,
      `secretsmanager:GetSecretValue ${secret("cases-AbCdEf")}`,
      `secretsmanager:GetSecretValue ${secret("recoveries-AbCdEf")}`,
    ]);
    expect(limits("secretsmanager:GetSecretValue")).toEqual(
      expect.arrayContaining([secret("cases-AbCdEf"), secret("recoveries-AbCdEf")]),
    );
    expect(limits("kms:Decrypt")).toContain(secretKeyArn);
    const [fetch] = stacks.etl.named("aws_lambda_function", "covid_fetch");
    expect(JSON.stringify(fetch?.arguments.environment)).toContain(`"CASES_SECRET_ARN":"${secret("cases-AbCdEf")}"`);
    expect(JSON.stringify(fetch?.arguments.environment)).not.toContain("_URL");
  });

  test("lets load read raw objects and the one secret, and write none", () => {
    const expected = [
      ...basic("covid", "load"),
      ...readsRaw,
      ...placement.map((action) => `${action} *`),
      "secretsmanager:GetSecretValue aws_db_instance.database_instance",
    ];

    expect([...new Set(allowed(etl, "covid_load"))]).toEqual(expected.sort());
  });

  const writesPages = [
    ...["GetObject", "GetObjectVersion", "PutObject"].map((action) => {
      return `s3:${action} aws_s3_bucket.platform_pages_bucket/pages/*`;
    }),
    "s3:ListBucket aws_s3_bucket.platform_pages_bucket",
  ];

  test("lets pages read the one secret, and read and write pages alone", () => {
    const expected = [
      ...basic("pages", "render"),
      ...placement.map((action) => `${action} *`),
      ...writesPages,
      "secretsmanager:GetSecretValue aws_db_instance.database_instance",
    ];

    expect([...new Set(allowed(etl, "pages_render"))]).toEqual(expected.sort());
  });

  test("lets the page of orders read ledger and rejected rows, and that of metadata the log of one function", () => {
    const table = "aws_dynamodb_table.orders_ledger_table";
    const orders = [
      ...basic("orders", "render"),
      ...writesPages,
      `dynamodb:Scan ${table}`,
      ...["DescribeKey", "Encrypt", "GenerateDataKey*", "ReEncrypt*"].map((action) => {
        return `kms:${action} aws_kms_key.platform_key`;
      }),
      ...["GetObject", "GetObjectVersion"].map((action) => {
        return `s3:${action} aws_s3_bucket.platform_incoming_bucket/rejected/*`;
      }),
      "s3:ListBucket aws_s3_bucket.platform_incoming_bucket",
    ];
    const filters = allowed(etl, "metadata_render").filter((grant) => grant.startsWith("logs:Filter"));

    expect([...new Set(allowed(etl, "orders_render"))]).toEqual(orders.sort());
    expect([...new Set(allowed(etl, "metadata_render"))]).toEqual(
      [...basic("metadata", "render"), ...writesPages, ...filters].sort(),
    );
    expect(filters).toEqual([expect.stringMatching(/:log-group:\/aws\/lambda\/millrace-prod-metadata-summarize:\*$/)]);
  });

  test.each(["sql", "export"])("lets %s read the one secret, and nothing that is stored", (name) => {
    const expected = [
      ...basic(name, "run"),
      ...placement.map((action) => `${action} *`),
      "secretsmanager:GetSecretValue aws_db_instance.database_instance",
    ];

    expect([...new Set(allowed(etl, `${name}_run`))]).toEqual(expected.sort());
  });

  test("lets send read incoming files, keep its ledger, and write to its queue, its prefixes and the topic alone", () => {
    const expected = [
      ...basic("orders", "send"),
      ...takesFrom("orders"),
      ...readsIncoming("*"),
      ...["rejected", "messages"].map((own) => `s3:PutObject aws_s3_bucket.platform_incoming_bucket/${own}/*`),
      ...["DeleteItem", "GetItem", "PutItem", "Query"].map(
        (action) => `dynamodb:${action} aws_dynamodb_table.orders_ledger_table`,
      ),
      ...["GetQueueAttributes", "SendMessage"].map((action) => `sqs:${action} aws_sqs_queue.orders_outgoing_queue`),
      "sns:Publish aws_sns_topic.platform_topic",
      ...["DescribeKey", "Encrypt", "GenerateDataKey*", "ReEncrypt*"].map(
        (action) => `kms:${action} aws_kms_key.platform_key`,
      ),
    ];

    expect([...new Set(allowed(etl, "orders_send"))]).toEqual(expected.sort());
  });

  test("lets summarize look at objects under its prefix, and change nothing", () => {
    const expected = [...basic("metadata", "summarize"), ...takesFrom("metadata"), ...readsIncoming("uploads/*")];

    expect([...new Set(allowed(etl, "metadata_summarize"))]).toEqual(expected.sort());
  });

  test("denies load's own code what Lambda needs to place it in the network", () => {
    const [policy] = etl.policies().filter(({ place }) => place.includes("covid_load_role_policy"));
    const denied = policy?.statements.filter(({ effect }) => effect === "Deny");

    expect(denied).toHaveLength(1);
    expect(denied?.[0]?.actions).toEqual(placement);
    expect(denied?.[0]?.conditions).toEqual({
      ArnEquals: { "lambda:SourceFunctionArn": [expect.stringMatching(/:function:millrace-prod-covid-load$/)] },
    });
  });

  test("lets the machine call these three functions and publish to this topic", () => {
    const actions = allowed(etl, "covid_machine").filter((line) => !line.endsWith(" *"));

    expect(actions).toEqual([
      "kms:Decrypt aws_kms_key.platform_key",
      "kms:GenerateDataKey aws_kms_key.platform_key",
      "lambda:InvokeFunction aws_lambda_function.covid_fetch_function",
      "lambda:InvokeFunction aws_lambda_function.covid_load_function",
      "lambda:InvokeFunction aws_lambda_function.pages_render_function",
      "sns:Publish aws_sns_topic.platform_topic",
    ]);
  });

  test("lets the machine deliver its log and send traces, by actions that AWS limits to no resource", () => {
    const everywhere = allowed(etl, "covid_machine").filter((line) => line.endsWith(" *"));

    expect(everywhere).toEqual([
      ...["CreateLogDelivery", "DeleteLogDelivery", "DescribeLogGroups", "DescribeResourcePolicies"].map(logs),
      ...["GetLogDelivery", "ListLogDeliveries", "PutResourcePolicy", "UpdateLogDelivery"].map(logs),
      ...["GetSamplingRules", "GetSamplingTargets", "PutTelemetryRecords", "PutTraceSegments"].map(
        (action) => `xray:${action} *`,
      ),
    ]);

    function logs(action: string) {
      return `logs:${action} *`;
    }
  });

  test("lets the schedule start this machine, and leave what failed in the queue", () => {
    expect(allowed(etl, "covid_schedule")).toEqual([
      "kms:Decrypt aws_kms_key.platform_key",
      "kms:GenerateDataKey aws_kms_key.platform_key",
      "sqs:SendMessage aws_sqs_queue.covid_dead-letters_queue",
      "states:StartExecution aws_sfn_state_machine.covid_machine",
    ]);
  });
});
