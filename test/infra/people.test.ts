import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Overrides } from "../../config/overrides";
import { peopleAccess } from "../../modules/delivery/access/people-access";
import { type IamRequest, isAllowed } from "./support/iam";
import type { PolicyStatement } from "./support/policies";
import { DeployedRoles, tags } from "./support/roles";
import { someBackend, synthesize, synthesizeConstruct } from "./support/synthesize";

const roles = new DeployedRoles("network create/none, database create");
const people = { reader: statementsOf("reader"), operator: statementsOf("operator") };
const KINDS = ["reader", "operator"] as const;

const arn = (service: string, resource: string) => `arn:aws:${service}:eu-central-1:111122223333:${resource}`;
const incoming = "arn:aws:s3:::millrace-prod-incoming-111122223333";
const pages = "arn:aws:s3:::millrace-prod-pages-111122223333";
const raw = "arn:aws:s3:::millrace-prod-raw-111122223333";
const key = arn("kms", "key/0a1b2c3d");
const viaSqs = { ...tags("ResourceTag", "etl"), "kms:ViaService": "sqs.eu-central-1.amazonaws.com" };

/** What only who acts may do. */
const deeds: readonly IamRequest[] = [
  { action: "states:StartExecution", resource: arn("states", "stateMachine:millrace-prod-covid") },
  { action: "sqs:SendMessage", resource: arn("sqs", "millrace-prod-orders-files") },
  { action: "sqs:ReceiveMessage", resource: arn("sqs", "millrace-prod-orders-files-dead-letters") },
  { action: "sqs:StartMessageMoveTask", resource: arn("sqs", "millrace-prod-metadata-files-dead-letters") },
  { action: "s3:GetObject", resource: `${incoming}/orders/1.csv` },
  { action: "kms:Decrypt", resource: key, context: viaSqs },
  // forget
  { action: "dynamodb:Scan", resource: arn("dynamodb", "table/millrace-prod-orders-ledger") },
  { action: "dynamodb:PutItem", resource: arn("dynamodb", "table/millrace-prod-orders-ledger") },
  { action: "s3:ListBucketVersions", resource: incoming },
  { action: "s3:GetObjectVersion", resource: `${incoming}/orders/1.csv` },
  { action: "s3:PutObject", resource: `${incoming}/rejected/20230828/rows.csv` },
  { action: "s3:DeleteObjectVersion", resource: `${incoming}/messages/20230828/a.json` },
  // replay --prove
  { action: "s3:ListBucket", resource: raw },
  { action: "s3:GetObject", resource: `${raw}/covid/cases/2026-11-29/a.csv` },
  // mend
  { action: "s3:PutObject", resource: `${raw}/covid/mends/2026-11-29/a.csv` },
  ...["AccountAttributes", "AvailabilityZones", "SecurityGroups", "Subnets", "Vpcs"].map((list) => ({
    action: `ec2:Describe${list}`,
    resource: "*",
  })),
  { action: "rds:RestoreDBInstanceToPointInTime", resource: arn("rds", "db:millrace-prod-etl-restored") },
  { action: "rds:RestoreDBInstanceFromDBSnapshot", resource: arn("rds", "snapshot:rds:millrace-prod-etl-2026-11-28") },
  {
    action: "rds:AddTagsToResource",
    resource: arn("rds", "db:millrace-prod-etl"),
    context: { "aws:RequestTag/RestoredFrom": "2026-11-28T06:00:00.000Z" },
  },
  { action: "secretsmanager:CreateSecret", resource: arn("secretsmanager", "secret:rds!db-0a1b2c3d") },
];

/** What nobody may by these policies. */
const attacks: Readonly<Record<string, readonly IamRequest[]>> = {
  "call another function than sql": [
    { action: "lambda:InvokeFunction", resource: arn("lambda", "function:millrace-prod-covid-load") },
    { action: "lambda:InvokeFunction", resource: arn("lambda", "function:millrace-prod-sql-load") },
    { action: "lambda:InvokeFunction", resource: arn("lambda", "function:millrace-prod-export") },
    { action: "lambda:InvokeFunction", resource: arn("lambda", "function:millrace-dev-sql") },
    { action: "lambda:UpdateFunctionCode", resource: arn("lambda", "function:millrace-prod-sql") },
    { action: "lambda:GetFunction", resource: arn("lambda", "function:millrace-prod-sql") },
  ],
  "make a secret that is no database's": [
    { action: "secretsmanager:CreateSecret", resource: arn("secretsmanager", "secret:feeds-AbCdEf") },
  ],
  "read the database's password": [
    {
      action: "secretsmanager:GetSecretValue",
      resource: arn("secretsmanager", "secret:rds!db-0a1b2c3d"),
      context: { "aws:ResourceTag/aws:rds:primaryDBInstanceArn": arn("rds", "db:millrace-prod-etl") },
    },
  ],
  "take messages from a queue that works, or empty one": [
    { action: "sqs:ReceiveMessage", resource: arn("sqs", "millrace-prod-orders-files") },
    { action: "sqs:DeleteMessage", resource: arn("sqs", "millrace-prod-orders-files") },
    { action: "sqs:PurgeQueue", resource: arn("sqs", "millrace-prod-orders-files-dead-letters") },
  ],
  "change or delete a database, or restore one elsewhere": [
    { action: "rds:ModifyDBInstance", resource: arn("rds", "db:millrace-prod-etl") },
    { action: "rds:DeleteDBInstance", resource: arn("rds", "db:millrace-prod-etl-restored") },
    { action: "rds:RestoreDBInstanceToPointInTime", resource: arn("rds", "db:elsewhere") },
    { action: "rds:AddTagsToResource", resource: arn("rds", "db:millrace-prod-etl") },
    {
      action: "kms:CreateGrant",
      resource: key,
      context: { ...tags("ResourceTag", "etl"), "kms:ViaService": "rds.eu-central-1.amazonaws.com" },
    },
  ],
  "subscribe somebody, or switch a schedule": [
    { action: "sns:Subscribe", resource: arn("sns", "millrace-prod-notifications") },
    { action: "sns:Publish", resource: arn("sns", "millrace-prod-notifications") },
    {
      action: "scheduler:UpdateSchedule",
      resource: arn("scheduler", "schedule/millrace-prod-covid/millrace-prod-covid"),
    },
  ],
  "reach another environment": [
    { action: "rds:RestoreDBInstanceToPointInTime", resource: arn("rds", "db:millrace-dev-etl") },
    { action: "states:StartExecution", resource: arn("states", "stateMachine:millrace-dev-covid") },
    { action: "states:ListExecutions", resource: arn("states", "stateMachine:millrace-dev-covid") },
    { action: "sns:ListSubscriptionsByTopic", resource: arn("sns", "millrace-dev-notifications") },
    {
      action: "logs:FilterLogEvents",
      resource: arn("logs", "log-group:/aws/lambda/millrace-dev-covid-load:log-stream:"),
    },
    { action: "sqs:SendMessage", resource: arn("sqs", "millrace-dev-orders-files") },
  ],
  "put or delete objects, or read other buckets": [
    { action: "s3:PutObject", resource: `${incoming}/orders/1.csv` },
    { action: "s3:PutObject", resource: `${incoming}/sales/mends/1.csv` },
    { action: "s3:PutObject", resource: `${raw}/covid/cases/2026-11-29/a.csv` },
    { action: "s3:PutObject", resource: `${raw}/sales/manifests/a.json` },
    { action: "s3:GetObject", resource: `${raw}/covid/mends/2026-11-29/a.csv` },
    { action: "s3:DeleteObject", resource: `${incoming}/orders/1.csv` },
    { action: "s3:PutObject", resource: `${pages}/pages/covid/index.html` },
    { action: "s3:DeleteObject", resource: `${pages}/pages/covid/index.html` },
    { action: "s3:GetObject", resource: "arn:aws:s3:::millrace-dev-pages-111122223333/pages/covid/index.html" },
    { action: "s3:GetObject", resource: "arn:aws:s3:::bootstrap-millrace-prod-state-0a1b/millrace/prod/etl.tfstate" },
  ],
  "remove what is not the pipeline's own, or write what consumers read": [
    { action: "s3:DeleteObjectVersion", resource: `${incoming}/orders/1.csv` },
    { action: "s3:PutObject", resource: `${incoming}/messages/20230828/a.json` },
    { action: "sqs:SendMessage", resource: arn("sqs", "millrace-prod-orders-outgoing.fifo") },
    { action: "sqs:SendMessage", resource: arn("sqs", "millrace-prod-orders-files-dead-letters") },
    { action: "dynamodb:Scan", resource: arn("dynamodb", "table/millrace-dev-orders-ledger") },
    { action: "dynamodb:DeleteTable", resource: arn("dynamodb", "table/millrace-prod-orders-ledger") },
  ],
  "decrypt by hand, or with a key that is not ours": [
    { action: "kms:Decrypt", resource: key, context: tags("ResourceTag", "etl") },
    { action: "kms:Decrypt", resource: key, context: { ...viaSqs, "aws:ResourceTag/Environment": "dev" } },
    { action: "kms:Decrypt", resource: key, context: { ...viaSqs, ...tags("ResourceTag", "state-backend") } },
  ],
  "change what they may": [
    { action: "iam:CreatePolicyVersion", resource: "arn:aws:iam::111122223333:policy/bootstrap-millrace-prod-reader" },
    { action: "sts:AssumeRole", resource: "arn:aws:iam::111122223333:role/millrace-prod-covid-load" },
  ],
};

describe("policies for people", () => {
  test("have an entry for each command of npm run ops", () => {
    const commands = readdirSync(join(__dirname, "../../scripts/ops/commands")).flatMap(
      (file) => /^(.+)-command\.ts$/.exec(file)?.[1] ?? [],
    );

    const entries: string[] = [];
    synthesizeConstruct((scope) => {
      const { reader, operator } = peopleAccess(scope, { prefix: "millrace-prod", tags: {} });
      entries.push(...Object.keys(reader), ...Object.keys(operator));
    });

    expect(commands.length).toBeGreaterThan(6);
    expect(commands.filter((name) => !entries.includes(name))).toEqual([]);
  });

  test("are attached to nobody", () => {
    const attached = roles.stacks["state-backend"].resources("aws_iam_role_policy_attachment");

    expect(attached.length).toBeGreaterThan(3);
    expect(attached.filter(({ address }) => address.includes("people"))).toEqual([]);
  });

  test.each(KINDS)("let a %s call the function of sql, and look", (kind) => {
    const looks = [
      { action: "lambda:InvokeFunction", resource: arn("lambda", "function:millrace-prod-sql") },
      { action: "states:ListStateMachines", resource: "*" },
      { action: "states:GetExecutionHistory", resource: arn("states", "execution:millrace-prod-covid:1") },
      { action: "sqs:GetQueueAttributes", resource: arn("sqs", "millrace-prod-orders-files") },
      { action: "scheduler:ListSchedules", resource: "*" },
      { action: "s3:GetObject", resource: `${pages}/pages/covid/index.html` },
      { action: "s3:ListBucket", resource: pages },
      {
        action: "kms:Decrypt",
        resource: key,
        context: { ...viaSqs, "kms:ViaService": "s3.eu-central-1.amazonaws.com" },
      },
      { action: "sns:ListSubscriptionsByTopic", resource: arn("sns", "millrace-prod-notifications") },
      { action: "sns:ListSubscriptionsByTopic", resource: arn("sns", "millrace-prod-covid-notifications") },
      {
        action: "logs:FilterLogEvents",
        resource: arn("logs", "log-group:/aws/lambda/millrace-prod-covid-load:log-stream:"),
      },
    ];

    expect(looks.filter((look) => !isAllowed(people[kind], look))).toEqual([]);
  });

  test("let an operator act, and a reader not", () => {
    expect(deeds.filter((deed) => !isAllowed(people.operator, deed))).toEqual([]);
    expect(deeds.filter((deed) => isAllowed(people.reader, deed))).toEqual([]);
  });

  test("let links of an operator put objects below the prefixes of partners alone, by a policy that fits into IAM's 6,144 characters", () => {
    // Prepare
    const partners = Array.from({ length: 16 }, (_, at) => ({
      name: `p${at}x`,
      prefix: `${at}`.padEnd(99, "x").concat("/"),
    }));
    const longest = { project: "p".repeat(16), environment: "e".repeat(12), pipelines: { orders: { partners } } };
    const documentsOf = (overrides: Overrides) =>
      synthesize({ backend: someBackend, overrides })
        ["state-backend"].policies()
        .filter(({ place }) => place.includes(".people_links-document_"))
        .flatMap(({ statements }) => statements);

    // Act
    const [puts, encrypts, ...others] = documentsOf(longest);

    // Assess
    expect(documentsOf({})).toEqual([]);
    expect([puts?.actions, encrypts?.actions, others]).toEqual([["s3:PutObject"], ["kms:GenerateDataKey"], []]);
    expect(puts?.resources.map((resource) => resource.replace(/^.*?\//, ""))).toEqual(
      partners.map(({ prefix }) => `${prefix}*`),
    );
    const length = JSON.stringify([puts, encrypts]).replaceAll(/\$\{[^}]*\}/g, "x".repeat(14)).length;
    expect(length).toBeLessThan(6144 - 200);
  });

  test.each(Object.entries(attacks))("let nobody %s", (_, requests) => {
    for (const kind of KINDS) expect(requests.filter((request) => isAllowed(people[kind], request))).toEqual([]);
  });
});

function statementsOf(kind: "reader" | "operator"): readonly PolicyStatement[] {
  return roles.statements(new RegExp(`^data\\.aws_iam_policy_document\\.people_${kind}-document_`));
}
