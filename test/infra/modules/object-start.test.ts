import { ObjectStart, type ObjectStartProps } from "../../../modules/workflow/object-start";
import { StateMachine } from "../../../modules/workflow/state-machine";
import { createParts } from "../support/parts";
import { synthesizeConstruct } from "../support/synthesize";
import type { Template } from "../support/template";

function synthesizeStart({ events, ...props }: Partial<ObjectStartProps> & { events?: boolean } = {}): Template {
  return synthesizeConstruct((scope) => {
    const { key, topic, bucket } = createParts(scope, { events });
    const definition = {
      Comment: "",
      StartAt: "end",
      TimeoutSeconds: 60,
      States: { end: { Type: "Succeed" } },
    } as const;
    const target = new StateMachine(scope, "machine", {
      ...{ name: "sales", description: "Of the test.", definition, key, logRetentionDays: 1 },
    });
    new ObjectStart(scope, "start", { name: "sales-files", bucket, target, key, topic, ...props });
  });
}

describe("ObjectStart", () => {
  const template = synthesizeStart({ prefix: "sales/" });
  const target = template.only("aws_cloudwatch_event_target");

  test("starts the machine for new objects below the prefix", () => {
    const { event_pattern } = template.only("aws_cloudwatch_event_rule");

    expect(JSON.parse(String(event_pattern))).toMatchObject({
      "detail-type": ["Object Created"],
      detail: { object: { key: [{ prefix: "sales/" }] } },
    });
    expect(target.arn).toMatch(/^\$\{aws_sfn_state_machine\.machine_\w+\.arn\}$/);
  });

  test("has a role that may start this machine and nothing else", () => {
    const [role, ...others] = template.named("aws_iam_role_policy", "start_");
    const trusts = template
      .dataSources("aws_iam_policy_document")
      .filter(({ address }) => address.includes("start_role"));

    expect(others).toEqual([]);
    expect(JSON.parse(String(role?.arguments.policy)).Statement).toEqual([
      { Effect: "Allow", Action: ["states:StartExecution"], Resource: [target.arn] },
    ]);
    expect(JSON.stringify(trusts)).toContain("events.amazonaws.com");
    expect(target.role_arn).toMatch(/aws_iam_role\.start_role/);
  });

  test("keeps what started nothing, and tells of it", () => {
    const [queue] = template.named("aws_sqs_queue", "start_");
    const [alarm] = template.named("aws_cloudwatch_metric_alarm", "start_");

    expect(queue?.arguments.name).toBe("sales-files-dead-letters");
    expect(target.dead_letter_config).toEqual({ arn: `\${${queue?.address}.arn}` });
    expect(alarm?.arguments.alarm_name).toBe("sales-files-dead-letters-not-empty");
  });

  test("refuses a bucket that tells of nothing", () => {
    expect(() => synthesizeStart({ events: false })).toThrow("must be created with events: true");
  });
});
