import { ConfigError } from "../../config/config-error";
import { prod } from "../../config/prod";
import { someBackend, synthesizeShipped } from "./support/synthesize";

const secret = (name: string) => `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}-AbCdEf`;
const secretKeyArn = "arn:aws:kms:eu-central-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const shared = {
  emails: ["data-team@example.com"],
  webhooks: [{ name: "team", kind: "slack", secretArn: secret("slack"), secretKeyArn, leastSeverity: "error" }],
};
const own = {
  emails: ["partner-desk@example.com"],
  webhooks: [{ name: "desk", kind: "teams", secretArn: secret("teams") }],
};
const overrides = { notifications: shared, pipelines: { orders: { recipients: own } } };
const stacks = synthesizeShipped({ environment: prod, backend: someBackend, overrides });
const { etl } = stacks;
const plain = synthesizeShipped({ environment: prod, backend: someBackend }).etl;

const SHARED = /^\$\{aws_sns_topic\.platform_topic_\w+\.arn\}$/;
const OWN = /^\$\{aws_sns_topic\.orders_topic_\w+\.arn\}$/;

describe("notifications.webhooks", () => {
  test("make nothing where there are none", () => {
    expect(plain.text).not.toContain("webhook");
    expect(plain.resources("aws_lambda_permission")).toEqual([]);
  });

  test("are a function each, with the secret's ARN and not the address", () => {
    const functions = ["webhooks_team", "webhooks_desk"].flatMap((name) =>
      etl.named("aws_lambda_function", name).map(({ arguments: fn }) => fn),
    );

    expect(functions.map(({ function_name }) => function_name)).toEqual([
      "millrace-prod-webhook-team",
      "millrace-prod-webhook-desk",
    ]);
    expect(functions[0]).toMatchObject({
      environment: { variables: { WEBHOOK_NAME: "team", WEBHOOK_KIND: "slack", WEBHOOK_SECRET_ARN: secret("slack") } },
      dead_letter_config: { target_arn: expect.stringContaining("webhooks_dead-letters_queue") },
    });
    expect(functions[0]).not.toHaveProperty("vpc_config");
    expect(etl.named("aws_cloudwatch_metric_alarm", "webhooks_dead-letters")).toHaveLength(1);
  });

  test("let through what is severe enough, and whatever has no severity: alarms and budgets", () => {
    const filters = ["webhooks_team", "webhooks_desk"]
      .flatMap((name) => etl.named("aws_sns_topic_subscription", name))
      .map(({ arguments: { topic_arn, protocol, filter_policy } }) => [
        topic_arn,
        protocol,
        JSON.parse(String(filter_policy)),
      ]);

    expect(filters).toEqual([
      [expect.stringMatching(SHARED), "lambda", { severity: ["error", { exists: false }] }],
      [expect.stringMatching(OWN), "lambda", { severity: ["info", "warning", "error", { exists: false }] }],
    ]);
    expect(
      ["webhooks_team", "webhooks_desk"]
        .flatMap((name) => etl.named("aws_lambda_permission", name))
        .map(({ arguments: { principal, source_arn } }) => [principal, source_arn]),
    ).toEqual([
      ["sns.amazonaws.com", expect.stringMatching(SHARED)],
      ["sns.amazonaws.com", expect.stringMatching(OWN)],
    ]);
  });

  test("may read their one secret with its key, within the boundary", () => {
    const granted = etl
      .policies()
      .filter(({ place }) => place.includes("webhooks_team_role_policy"))
      .flatMap(({ statements }) => statements);
    const boundary = stacks["state-backend"]
      .policies()
      .filter(({ place }) => place.includes("boundary_document"))
      .flatMap(({ statements }) => statements);
    const on = (statements: typeof granted, action: string) =>
      statements.filter(({ actions }) => actions.includes(action)).flatMap(({ resources }) => resources);

    expect(on(granted, "secretsmanager:GetSecretValue")).toEqual([secret("slack")]);
    expect(on(granted, "kms:Decrypt")).toContain(secretKeyArn);
    expect(on(boundary, "secretsmanager:GetSecretValue")).toEqual(
      expect.arrayContaining([secret("slack"), secret("teams")]),
    );
    expect(on(boundary, "kms:Decrypt")).toContain(secretKeyArn);
  });

  test("refuse a name that is there twice", () => {
    const twice = { notifications: shared, pipelines: { covid: { recipients: shared } } };

    expect(() => synthesizeShipped({ overrides: twice })).toThrow(ConfigError);
    expect(() => synthesizeShipped({ overrides: twice })).toThrow(
      'pipelines.covid.recipients.webhooks.0.name: got "team", allowed is a name that no other webhook has',
    );
  });
});

describe("recipients of one pipeline", () => {
  test("are notified of its runs and alarms by its own topic, and of no other's", () => {
    const actions = etl
      .resources("aws_cloudwatch_metric_alarm")
      .map(({ arguments: alarm }) => [alarm.alarm_name, alarm.alarm_actions])
      // That nobody hears them is told to all others.
      .filter(([name]) => !String(name).endsWith("-orders-notifications-unheard"));
    const isOwn = ([name]: unknown[]) => String(name).startsWith("millrace-prod-orders-");

    for (const [, topics] of actions.filter(isOwn)) expect(topics).toEqual([expect.stringMatching(OWN)]);
    for (const [, topics] of actions.filter((alarm) => !isOwn(alarm)))
      expect(topics).toEqual([expect.stringMatching(SHARED)]);
    const emails = etl
      .named("aws_sns_topic_subscription", "email-")
      .map(({ arguments: each }) => [each.endpoint, each.topic_arn]);
    expect(emails.sort()).toEqual([
      ["data-team@example.com", expect.stringMatching(SHARED)],
      ["partner-desk@example.com", expect.stringMatching(OWN)],
    ]);
    const [send] = etl.named("aws_lambda_function", "orders_send");
    expect(send?.arguments.environment).toMatchObject({ variables: { TOPIC_ARN: expect.stringMatching(OWN) } });
  });

  test("leave all as it was where there are none", () => {
    expect(plain.resources("aws_sns_topic")).toHaveLength(1);
  });
});

describe("a run's messages", () => {
  test("say how severe they are and of which pipeline, in subject and attributes", () => {
    const [machine] = plain.named("aws_sfn_state_machine", "covid_machine");
    const { States } = JSON.parse(String(machine?.arguments.definition));
    const head = (state: string) => States[state].Parameters;
    const text = (StringValue: string) => ({ DataType: "String", StringValue });

    expect(head("publish success")).toMatchObject({
      Subject: "INFO: millrace-prod-covid succeeded",
      "Message.$": expect.stringContaining("$.told.text"),
      MessageAttributes: { severity: text("info"), pipeline: text("covid") },
    });
    expect(head("publish failure")).toMatchObject({
      Subject: "ERROR: millrace-prod-covid failed",
      MessageAttributes: { severity: text("error"), pipeline: text("covid") },
    });
  });
});
