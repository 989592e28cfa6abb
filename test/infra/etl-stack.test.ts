import { prod } from "../../config/prod";
import { combinations } from "./support/combinations";
import { someBackend, synthesizeShipped } from "./support/synthesize";
import type { Template } from "./support/template";

const etlOf = (overrides = {}): Template =>
  synthesizeShipped({ environment: prod, backend: someBackend, overrides }).etl;

/** What there is whatever the database is. */
const always = {
  aws_cloudwatch_dashboard: 1,
  aws_cloudwatch_event_rule: 2,
  aws_cloudwatch_event_target: 2,
  aws_dynamodb_table: 1,
  aws_iam_role: 12,
  aws_kms_key: 1,
  aws_lambda_event_source_mapping: 2,
  aws_lambda_function: 8,
  aws_lambda_layer_version: 1,
  aws_s3_bucket: 5,
  aws_s3_bucket_notification: 1,
  aws_s3_object: 9,
  aws_scheduler_schedule: 3,
  aws_scheduler_schedule_group: 3,
  aws_sfn_state_machine: 1,
  aws_sns_topic: 1,
  aws_sqs_queue: 11,
  aws_vpc_security_group_egress_rule: 8,
};

describe.each(combinations)("etl stack, $name", ({ database, overrides }) => {
  const etl = etlOf(overrides);
  const created = database === "database create";

  test("has so many resources of each kind", () => {
    const counted = Object.fromEntries(Object.keys(always).map((type) => [type, etl.resources(type).length]));
    // `export`, and the database's own role.
    const more = created && {
      aws_iam_role: always.aws_iam_role + 2,
      aws_lambda_function: always.aws_lambda_function + 1,
      aws_s3_object: always.aws_s3_object + 1,
      aws_sqs_queue: always.aws_sqs_queue + 1,
      aws_vpc_security_group_egress_rule: always.aws_vpc_security_group_egress_rule + 2,
    };

    expect(counted).toEqual({ ...always, ...more });
    expect(etl.resources("aws_db_instance")).toHaveLength(created ? 1 : 0);
    expect(etl.resources("aws_cloudwatch_log_group")).toHaveLength(created ? 12 : 9);
    expect(etl.resources("aws_cloudwatch_metric_alarm")).toHaveLength(created ? 52 : 43);
  });

  test("leaves a database that is not ours as it is, and says what its owner has to allow", () => {
    const {
      database_rule_millrace_prod_covid_load: rule,
      database_rule_millrace_prod_sql: people,
      database_rule_millrace_prod_pages: pages,
    } = etl.outputs();

    expect(etl.resources("aws_vpc_security_group_ingress_rule")).toHaveLength(created ? 4 : 0);
    if (created) expect([rule, people, pages]).toEqual([undefined, undefined, undefined]);
    else {
      expect(people?.value).toMatch(/^sg-0a1b2c3d4e5f60718: TCP 5432 from \$\{aws_security_group\.sql_group_/);
      expect(pages?.value).toMatch(/^sg-0a1b2c3d4e5f60718: TCP 5432 from \$\{aws_security_group\.pages_group_/);
      expect(rule?.value).toMatch(/^sg-0a1b2c3d4e5f60718: TCP 5432 from \$\{aws_security_group\.covid_load-group_/);
    }
  });
});

describe("etl stack", () => {
  test.each(["covid", "orders", "metadata"])("takes %s out with its switch, and nothing of what is shared", (name) => {
    const off = etlOf({ pipelines: { [name]: { enabled: false } } });

    const gone = etlOf()
      .addresses()
      .filter((address) => !off.addresses().includes(address));
    const ours = new RegExp(`\\.(${name}_|database_security-group_from-)`);
    expect(gone.length).toBeGreaterThan(15);
    expect(gone.filter((address) => !ours.test(address))).toEqual([]);
    expect(off.addresses().filter((address) => address.includes(`.${name}_`))).toEqual([]);
  });

  test("asks each address to confirm its mails, once", () => {
    const emails = ["a@example.com", "b@example.com"];
    const subscriptions = etlOf({ notifications: { emails } }).resources("aws_sns_topic_subscription");

    expect(subscriptions.map((subscription) => subscription.arguments.endpoint)).toEqual(emails);
  });

  test("fits each alarm's text into CloudWatch's limit, and tells the topic", () => {
    const alarms = etlOf().resources("aws_cloudwatch_metric_alarm");

    for (const { arguments: alarm } of alarms) {
      expect(String(alarm.alarm_description).length).toBeLessThanOrEqual(1024);
      expect(alarm.alarm_actions).toEqual([expect.stringMatching(/^\$\{aws_sns_topic\.platform_topic_/)]);
      expect(alarm.ok_actions).toEqual(alarm.alarm_actions);
      expect(alarm.alarm_name).toMatch(/^millrace-prod-/);
      // CloudWatch takes no other period, and looks back over a day at most, with periods of an hour over seven.
      const periods = [...JSON.stringify(alarm).matchAll(/"period":(\d+)/g)].map(([, seconds]) => Number(seconds));
      expect(periods).not.toEqual([]);
      for (const seconds of periods) {
        expect(seconds % 60).toBe(0);
        const most = seconds < 3600 ? 86_400 : 7 * 86_400;
        expect(seconds * Number(alarm.evaluation_periods)).toBeLessThanOrEqual(most);
      }
    }
    expect(new Set(alarms.map(({ arguments: alarm }) => alarm.alarm_name)).size).toBe(alarms.length);
  });
});
