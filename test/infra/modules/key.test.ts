import { LogGroup } from "../../../modules/function/log-group";
import { ServiceRole } from "../../../modules/function/service-role";
import { Key, type KeyService } from "../../../modules/storage/key";
import { synthesizeConstruct } from "../support/synthesize";

const keyFor = (services?: readonly KeyService[]) =>
  synthesizeConstruct((scope) => new Key(scope, "key", { name: "feeds", description: "Feeds.", services }));

describe("Key", () => {
  test("rotates, has an alias, and leaves its use to IAM", () => {
    const template = keyFor();

    expect(template.only("aws_kms_key")).toMatchObject({ enable_key_rotation: true, deletion_window_in_days: 30 });
    expect(template.only("aws_kms_alias")).toMatchObject({ name: "alias/feeds" });
    expect(template.policies().flatMap(({ statements }) => statements)).toEqual([
      expect.objectContaining({ actions: ["kms:*"], principals: [expect.stringMatching(/^AWS:arn:.*:root$/)] }),
    ]);
  });

  test("admits CloudWatch Logs for log groups of this account and region only", () => {
    const [, logs] = keyFor(["logs"]).policies()[0]?.statements ?? [];

    expect(logs).toMatchObject({
      principals: [expect.stringMatching(/^Service:logs\.\$\{data\.aws_region\..*\}\.amazonaws\.com$/)],
      conditions: {
        ArnLike: { "kms:EncryptionContext:aws:logs:arn": [expect.stringMatching(/:logs:.*:log-group:\*$/)] },
      },
    });
  });

  test("admits events without naming a source, which EventBridge does not for a rule's target", () => {
    const [, statement] = keyFor(["events"]).policies()[0]?.statements ?? [];

    expect(statement).toMatchObject({
      principals: ["Service:events.amazonaws.com"],
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    });
    expect(statement?.conditions).toEqual({});
  });

  test("admits cloudwatch for this account only", () => {
    const [, statement] = keyFor(["cloudwatch"]).policies()[0]?.statements ?? [];

    expect(statement).toMatchObject({
      principals: ["Service:cloudwatch.amazonaws.com"],
      actions: ["kms:Decrypt", "kms:GenerateDataKey"],
      conditions: { StringEquals: { "aws:SourceAccount": [expect.stringMatching(/aws_caller_identity/)] } },
    });
  });

  test("grants exactly what is asked for, on itself", () => {
    const template = synthesizeConstruct((scope) => {
      const key = new Key(scope, "key", { name: "feeds", description: "Feeds." });
      const role = (name: string) =>
        new ServiceRole(scope, name, { name, description: name, service: "lambda.amazonaws.com" });
      key.grantDecrypt(role("reader"));
      key.grantEncryptDecrypt(role("writer"));
      key.grantTableUse(role("user"));
    });
    const granted = (role: string) =>
      template.policies().find(({ place }) => place.startsWith(`aws_iam_role_policy.${role}`))?.statements;

    expect(granted("reader")).toMatchObject([{ actions: ["kms:Decrypt"] }]);
    expect(granted("writer")).toMatchObject([{ actions: ["kms:Decrypt", "kms:GenerateDataKey"] }]);
    expect(granted("user")).toMatchObject([
      {
        actions: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
        conditions: { StringEquals: { "kms:ViaService": [expect.stringMatching(/^dynamodb\..*\.amazonaws\.com$/)] } },
      },
    ]);
    expect(granted("writer")?.[0]?.resources).toEqual([expect.stringMatching(/^\$\{aws_kms_key\.key_\w+\.arn\}$/)]);
  });
});

describe("LogGroup", () => {
  test("is encrypted, deletes old items, and grants writing to itself only", () => {
    const template = synthesizeConstruct((scope) => {
      const key = new Key(scope, "key", { name: "feeds", description: "Feeds.", services: ["logs"] });
      const logs = new LogGroup(scope, "logs", { name: "/aws/lambda/feeds", key, retentionDays: 7 });
      logs.grantWrite(
        new ServiceRole(scope, "role", { name: "feeds", description: "Feeds.", service: "lambda.amazonaws.com" }),
      );
    });

    expect(template.only("aws_cloudwatch_log_group")).toMatchObject({
      name: "/aws/lambda/feeds",
      retention_in_days: 7,
    });
    expect(template.only("aws_cloudwatch_log_group").kms_key_id).toMatch(/aws_kms_key\.key/);
    expect(template.policies().find(({ type }) => type === "aws_iam_role_policy")?.statements).toMatchObject([
      {
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: [expect.stringMatching(/^\$\{aws_cloudwatch_log_group\.\w+\.arn\}:\*$/)],
      },
    ]);
  });
});
