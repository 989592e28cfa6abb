import { type Overrides, override } from "../../config/overrides";
import type { PolicyStatement } from "./support/policies";
import { someBackend, synthesizeShipped } from "./support/synthesize";
import type { Template } from "./support/template";

const ROLE = "arn:aws:iam::444455556666:role/feeds";
const ACCOUNT = "arn:aws:iam::555566667777:root";
const USER = "arn:aws:iam::111122223333:user/crm";

const doors: Overrides = {
  pipelines: {
    orders: {
      partners: [
        { name: "acme", principalArn: ROLE, prefix: "acme/" },
        { name: "bolt", principalArn: ACCOUNT, prefix: "bolt/in/" },
        { name: "bylink", prefix: "bylink/" },
      ],
      consumers: [{ principalArn: USER }, { principalArn: ROLE }],
    },
    metadata: { partners: [{ name: "acme", principalArn: ROLE, prefix: "uploads/acme/" }] },
  },
};

const etlOf = (overrides: Overrides = {}) => synthesizeShipped({ backend: someBackend, overrides }).etl;

/** What a policy lets somebody do who is named by an ARN; what the stacks' own account may is not shown. */
function admitted(etl: Template, place: RegExp): readonly Partial<PolicyStatement>[] {
  return etl
    .policies()
    .filter((policy) => place.test(policy.place))
    .flatMap(({ statements }) => statements)
    .filter(
      ({ effect, principals }) => effect === "Allow" && principals.some((one) => /^AWS:arn:aws:iam::\d/.test(one)),
    )
    .map(({ effect: _, ...statement }) => statement);
}

const bucket = expect.stringMatching(
  /^arn:\$\{data\.aws_partition\S+\}:s3:::millrace-dev-incoming-\$\{data\.aws_caller_identity\S+\}$/,
);
const below = (prefix: string) => [
  expect.stringMatching(new RegExp(`^\\$\\{aws_s3_bucket\\.platform_incoming_bucket_\\w+\\.arn\\}/${prefix}\\*$`)),
];
const put = ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"];
const via = (service: string, resource: unknown) => ({
  StringEquals: {
    "kms:ViaService": [
      expect.stringMatching(new RegExp(`^${service}\\.\\$\\{data\\.aws_region\\S+\\}\\.amazonaws\\.com$`)),
    ],
    [`kms:EncryptionContext:aws:${service}:arn`]: [resource],
  },
});

describe("doors for others", () => {
  const etl = etlOf(doors);

  test("let a partner put objects below its prefix, and a consumer read messages/, in the incoming bucket only", () => {
    expect(admitted(etl, /^aws_s3_bucket_policy\./)).toEqual([
      { principals: [`AWS:${ROLE}`], actions: put, resources: below("acme/"), conditions: {} },
      { principals: [`AWS:${ACCOUNT}`], actions: put, resources: below("bolt/in/"), conditions: {} },
      { principals: [`AWS:${ROLE}`], actions: put, resources: below("uploads/acme/"), conditions: {} },
      {
        principals: [`AWS:${USER}`, `AWS:${ROLE}`],
        actions: ["s3:GetObject"],
        resources: below("messages/"),
        conditions: {},
      },
    ]);
    const incoming = etl.policies().filter(({ place }) => place.startsWith("aws_s3_bucket_policy.platform_incoming"));
    expect(incoming.flatMap(({ statements }) => statements.filter(({ effect }) => effect === "Allow"))).toHaveLength(4);
  });

  test("open the key for that bucket's objects and for the outgoing queue's messages, and for nothing else", () => {
    const queue = expect.stringMatching(/^arn:\S+:sqs:\S+:\S+:millrace-dev-orders-outgoing\.fifo$/);

    expect(admitted(etl, /^aws_kms_key\./)).toEqual([
      {
        principals: [`AWS:${ROLE}`, `AWS:${ACCOUNT}`],
        actions: ["kms:GenerateDataKey", "kms:Decrypt"],
        resources: ["*"],
        conditions: via("s3", bucket),
      },
      {
        principals: [`AWS:${USER}`, `AWS:${ROLE}`],
        actions: ["kms:Decrypt"],
        resources: ["*"],
        conditions: via("s3", bucket),
      },
      {
        principals: [`AWS:${USER}`, `AWS:${ROLE}`],
        actions: ["kms:Decrypt"],
        resources: ["*"],
        conditions: via("sqs", queue),
      },
    ]);
  });

  test("let a consumer take messages only from the outgoing queue", () => {
    expect(admitted(etl, /aws_iam_policy_document\./)).toEqual([
      {
        principals: [`AWS:${USER}`, `AWS:${ROLE}`],
        actions: [
          "sqs:ReceiveMessage",
          "sqs:DeleteMessage",
          "sqs:ChangeMessageVisibility",
          "sqs:GetQueueAttributes",
          "sqs:GetQueueUrl",
        ],
        resources: [expect.stringMatching(/^\$\{aws_sqs_queue\.orders_outgoing_queue_\w+\.arn\}$/)],
        conditions: {},
      },
    ]);
  });

  test("name the queue and the bucket as they are called", () => {
    expect(etl.named("aws_sqs_queue", "orders_outgoing_queue")[0]?.arguments).toMatchObject({
      name: "millrace-dev-orders-outgoing.fifo",
    });
    expect(etl.named("aws_s3_bucket", "platform_incoming")[0]?.arguments).toMatchObject({
      bucket: expect.stringMatching(/^millrace-dev-incoming-\$\{data\.aws_caller_identity/),
    });
  });

  test("keep what partners of others send from orders", () => {
    const [rule] = etl.named("aws_cloudwatch_event_rule", "orders_trigger_rule");

    expect(JSON.parse(String(rule?.arguments.event_pattern)).detail.object).toEqual({
      key: [{ "anything-but": { prefix: ["rejected/", "messages/", "uploads/acme/"] } }],
    });
  });

  test("are closed by default, and where orders is off", () => {
    // Prepare
    const off = override(doors, { pipelines: { orders: { enabled: false }, metadata: { enabled: false } } });

    // Assess
    for (const overrides of [{}, off]) expect(admitted(etlOf(overrides), /./)).toEqual([]);
  });

  test("are smaller than AWS takes, all of them and with the longest names", () => {
    // Prepare
    const arn = (at: number) => `arn:aws:iam::444455556666:role/${"p".repeat(100)}/${String(at).padEnd(120, "r")}`;
    const sixteen = Array.from({ length: 16 }, (_, at) => at);
    const partners = sixteen.map((at) => ({
      name: `p${String(at).padEnd(31, "x")}`,
      principalArn: arn(at),
      prefix: `${String(at).padStart(99, "0")}/`,
    }));
    const consumers = sixteen.map((at) => ({ principalArn: arn(at) }));

    // Act
    const largest = etlOf({ pipelines: { orders: { partners, consumers } } });

    // Assess
    const sizes = (place: string) => {
      const [found] = largest.named(place.split("#")[0] ?? "", place.split("#")[1] ?? "");
      return String(found?.arguments.policy ?? found?.arguments.event_pattern).replace(/\$\{[^}]*\}/g, "x".repeat(100))
        .length;
    };
    expect(sizes("aws_s3_bucket_policy#platform_incoming")).toBeLessThan(20_480);
    expect(sizes("aws_kms_key#platform_key")).toBeLessThan(32_768);
    expect(JSON.stringify(admitted(largest, /aws_iam_policy_document\./)).length).toBeLessThan(8_192 - 1_000);
  });
});
