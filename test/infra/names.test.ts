import { ServiceRole } from "../../modules/function/service-role";
import { pagesWeb, quicksight } from "./support/pages-web";
import { synthesize, synthesizeConstruct } from "./support/synthesize";

const WEBHOOK = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:team-AbCdEf";
const address = (path: string) => `https://example.com/${path.repeat(980)}`;
const { network, etl } = synthesize({
  overrides: {
    project: "p".repeat(16),
    environment: "e".repeat(12),
    pages: {
      web: { ...pagesWeb, networks: [1, 2, 3, 4, 5].map((at) => `203.0.113.1${at}0/32`) },
      quicksight,
      hide: ["c".repeat(1996)],
    },
    retention: { revisionDays: 730 },
    budget: { monthlyUsd: 100 },
    notifications: { webhooks: [{ name: "w".repeat(20), kind: "slack", secretArn: WEBHOOK }] },
    // Watched by a state machine and a schedule of its own.
    pipelines: {
      covid: { sources: { cases: address("a"), recoveries: address("b") } },
    },
    feeds: {
      readings: { engine: "distributed-map", resourceName: "m".repeat(17) },
      sales: {
        include: Array.from({ length: 10 }, () => "i".repeat(64)),
        exclude: Array.from({ length: 10 }, () => "e".repeat(64)),
        resourceName: "f".repeat(17),
        schedule: { expression: "cron(0 2 1 * ? *)" },
        source: { prefix: "i".repeat(200) },
      },
    },
  },
});

/** Type, argument, and how many characters AWS takes (the service's API reference, of what makes it). */
const LIMITS: readonly (readonly [type: string, argument: string, most: number])[] = [
  ["aws_iam_role", "name", 64],
  ["aws_iam_role", "description", 1000],
  ["aws_lambda_function", "function_name", 64],
  ["aws_lambda_function", "description", 256],
  ["aws_lambda_layer_version", "layer_name", 140],
  ["aws_sfn_state_machine", "name", 80],
  ["aws_scheduler_schedule", "name", 64],
  ["aws_scheduler_schedule", "description", 512],
  ["aws_scheduler_schedule_group", "name", 64],
  ["aws_cloudwatch_event_rule", "name", 64],
  ["aws_cloudwatch_event_rule", "description", 512],
  ["aws_cloudwatch_event_rule", "event_pattern", 2048],
  ["aws_cloudwatch_metric_alarm", "alarm_name", 255],
  ["aws_cloudwatch_metric_alarm", "alarm_description", 1024],
  ["aws_security_group", "name", 255],
  ["aws_security_group", "description", 255],
  ["aws_sqs_queue", "name", 80],
  ["aws_sns_topic", "name", 256],
  ["aws_s3_bucket", "bucket", 63],
  ["aws_dynamodb_table", "name", 255],
  ["aws_db_instance", "identifier", 63],
  ["aws_budgets_budget", "name", 100],
  ["aws_cloudfront_distribution", "comment", 128],
  ["aws_cloudfront_key_group", "comment", 128],
  ["aws_cloudfront_origin_access_control", "name", 64],
  ["aws_cloudfront_response_headers_policy", "name", 128],
];

describe("with the longest project, environment and webhook", () => {
  test.each(LIMITS)("no %s has a %s of more than %i characters", (type, argument, most) => {
    const texts = [network, etl]
      .flatMap((stack) => stack.resources(type))
      .map(({ arguments: given }) => String(given[argument]).replaceAll(/\$\{[^}]*\}/g, "1".repeat(12)));

    expect(texts.length).toBeGreaterThan(0);
    expect(texts.filter((text) => text.length > most)).toEqual([]);
  });
});

test("no function's environment exceeds Lambda's 4 KB, whatever the configuration", () => {
  const sizes = etl.resources("aws_lambda_function").map(({ address: place, arguments: { environment } }) => {
    const { variables } = environment as { readonly variables: Readonly<Record<string, string>> };
    // What only Terraform knows is an ARN or a host at most.
    const text = Object.entries(variables)
      .flat()
      .join("")
      .replaceAll(/\$\{[^}]*\}/g, "x".repeat(120));
    return [place, Buffer.byteLength(text)] as const;
  });

  expect(sizes.length).toBeGreaterThan(10);
  expect(sizes.filter(([, size]) => size > 4096)).toEqual([]);
});

test("a role's name that IAM would refuse is refused at synth", () => {
  const create = (name: string) =>
    synthesizeConstruct((scope) => {
      const role = new ServiceRole(scope, "role", { name, description: "d", service: "lambda.amazonaws.com" });
      role.allow({ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::x/*"] });
    });

  expect(() => create("r".repeat(64))).not.toThrow();
  expect(() => create("r".repeat(65))).toThrow(/at most 64 characters: got r+, 65/);
});
