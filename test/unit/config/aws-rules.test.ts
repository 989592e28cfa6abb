import { generateKeyPairSync, type KeyPairKeyObjectResult } from "node:crypto";
import { PGlite } from "@electric-sql/pglite";
import { dev } from "../../../config/dev";
import { overrideConfig } from "../../../config/load";
import type { Overrides } from "../../../config/overrides";
import { isNewDatabaseName } from "../../../config/rules/database-name";
import { pagesWeb, privateKey } from "../../infra/support/pages-web";

/** What an AWS service takes and refuses, with the page that says so, as values of one key. */
interface Rule {
  readonly rule: string;
  readonly source: string;
  readonly key: string;
  readonly accepted: readonly unknown[];
  readonly refused: readonly unknown[];
  /** Besides the key. */
  readonly under?: Overrides;
}

const tags = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`Tag${index}`, "x"]));
const expressions = (...texts: string[]) => texts.map((text) => `cron(${text})`);
const step = "pipelines.covid.steps.load";
const lambda = "Lambda developer guide, Lambda quotas; API reference, CreateFunction";
const sqs = "SQS developer guide, Amazon SQS message quotas; API reference, CreateQueue and SetQueueAttributes";
const eventSource = "Lambda developer guide, Creating and configuring an Amazon SQS event source mapping";
const map = "Step Functions developer guide, Using Map state in Distributed mode, and Step Functions service quotas";
const network = { mode: "existing", vpcId: "vpc-0a1b2c3d" };
const expression = (name: string) => `$\{${name}}`;
const access = (...counts: readonly number[]) => {
  const ids = (kind: string, count = 0) => Array.from({ length: count }, (_, at) => `${kind}-${10_000_000 + at}`);
  const cidrs = Array.from({ length: counts[1] ?? 0 }, (_, at) => `10.${at}.0.0/16`);
  return { securityGroupIds: ids("sg", counts[0]), cidrs, prefixListIds: ids("pl", counts[2]) };
};
const publicPem = ({ publicKey }: KeyPairKeyObjectResult) =>
  publicKey.export({ type: "spki", format: "pem" }).toString();
const subnets = (count: number) => Array.from({ length: count }, (_, index) => `subnet-${String(10_000_000 + index)}`);

const consumers = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    principalArn: `arn:aws:iam::444455556666:role/${at}/${"r".repeat(128)}`,
  }));

const webhooks = (count: number, longest: number) =>
  Array.from({ length: count }, (_, at) => ({
    ...{ name: `team${at}`, kind: "slack" },
    secretArn: `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${String(at).padEnd(longest, "x")}-AbCdEf`,
  }));

const rules: readonly Rule[] = [
  {
    rule: "identifiers have no two hyphens in a row and none at their end",
    source: "RDS API reference, CreateDBInstance, DBInstanceIdentifier",
    key: "project",
    accepted: ["mill-race", "m1-2"],
    refused: ["mill--race", "millrace-", "-millrace", "1race"],
  },
  {
    rule: "an environment's name has no hyphen: its names would begin with another's",
    source: "modules/delivery: roles reach what begins with PROJECT-ENVIRONMENT-",
    key: "environment",
    accepted: ["dev", "qa2", "deveu"],
    refused: ["dev-eu", "dev--eu", "dev-", "2dev"],
  },
  {
    rule: "a project is not named as what the bootstrap makes",
    source: "config/names.ts: the state and the roles of a project are bootstrap-PROJECT-ENVIRONMENT-",
    key: "project",
    accepted: ["bootstraps", "my-bootstrap"],
    refused: ["bootstrap", "bootstrap-millrace"],
  },
  {
    rule: "a bucket's name does not begin with sthree- or amzn-s3-demo-",
    source: "S3 user guide, General purpose bucket naming rules",
    key: "project",
    accepted: ["s3", "sthreex"],
    refused: ["sthree", "sthree-feeds", "amzn-s3-demo"],
  },
  {
    rule: "a security group's name does not begin with sg-",
    source: "EC2 API reference, CreateSecurityGroup, GroupName",
    key: "project",
    accepted: ["sgx", "my-sg"],
    refused: ["sg", "sg-feeds"],
  },
  {
    rule: "ten tags, of which four are ours",
    source: "S3 user guide, Categorizing your objects using tags",
    key: "tags",
    accepted: [{}, tags(6)],
    refused: [tags(7)],
  },
  {
    rule: "no tag's key or value begins with aws:, whatever its capitals, and of RDS none with rds:",
    source: "Tagging AWS Resources, Tag naming limits and requirements; RDS API reference, Tag",
    key: "tags",
    accepted: [{ awsome: "x" }, { "team:aws": "x:aws:rds:" }],
    refused: [
      ...[{ "aws:x": "y" }, { "AWS:x": "y" }, { "rds:x": "y" }],
      ...[{ x: "aws:y" }, { x: "Aws:y" }, { x: "rds:y" }],
    ],
  },
  {
    rule: "keys of 1 to 128 and values of up to 256 signs that all services take",
    source: "Tagging AWS Resources, Tag naming limits and requirements",
    key: "tags",
    accepted: [{ ["k".repeat(128)]: "v".repeat(256) }, { "Größe 1+2=3 _.:/@-": "" }],
    refused: [
      { "": "x" },
      { " ": "x" },
      { ["k".repeat(129)]: "x" },
      { a: "v".repeat(257) },
      { a: "x!" },
      { "a;b": "x" },
    ],
  },
  {
    rule: "no tag is given twice; IAM does not tell capitals apart, and the stacks have four of their own",
    source: "IAM user guide, Rules for tagging in IAM and AWS STS",
    key: "tags",
    accepted: [{ Projects: "x" }],
    refused: [{ Project: "x" }, { environment: "x" }, { STACK: "x" }, { ManagedBy: "x" }, { Team: "a", team: "b" }],
  },
  {
    rule: "one of the days is `?`, the other is not",
    source: "EventBridge Scheduler user guide, Schedule types",
    key: "pipelines.covid.schedule.expression",
    accepted: expressions("0 6 * * ? *", "0 6 ? * * *", "0 6 1,15 * ? *", "0 6 ? * MON-FRI *"),
    refused: expressions("0 6 * * * *", "0 6 ? * ? *", "0 6 1 * MON *"),
  },
  {
    rule: "fields of cron, their ranges and wildcards",
    source: "EventBridge Scheduler user guide, Schedule types",
    key: "pipelines.covid.schedule.expression",
    accepted: expressions(
      "0/15 0-23 L 1-12 ? 1970-2199",
      "59 */2 15W JAN,JUL ? *",
      "5,35 8-18/2 LW * ? 2027",
      "0 0 ? * 6L *",
      "0 0 ? * TUE#2 *",
      "0 0 ? * 1,7 *",
    ),
    refused: expressions(
      "60 6 * * ? *",
      "0 24 * * ? *",
      "0 6 0 * ? *",
      "0 6 32 * ? *",
      "0 6 * 13 ? *",
      "0 6 * FOO ? *",
      "0 6 ? * 0 *",
      "0 6 ? * 8 *",
      "0 6 ? * 2#6 *",
      "0 6 ? * 3#1,6#3 *",
      "0 6 ? * MON/2 *",
      "0 6 * * ? 1969",
      "0 6 * * ? 2200",
      "0 6 * * ?",
      "0 6 * * ? * *",
      "? 6 * * ? *",
      "0/0 6 * * ? *",
      "0  6 * * ? *",
      "1-2-3 6 * * ? *",
      "-1 6 * * ? *",
      " 6 * * ? *",
    ),
  },
  {
    rule: "a rate of one has the singular, any other the plural",
    source: "EventBridge Scheduler user guide, Schedule types; EventBridge user guide, Rate expressions",
    key: "pipelines.covid.schedule.expression",
    accepted: ["rate(1 minute)", "rate(1 hour)", "rate(1 day)", "rate(2 minutes)", "rate(12 hours)", "rate(30 days)"],
    refused: [
      "rate(1 days)",
      "rate(2 day)",
      "rate(0 days)",
      "rate(-1 day)",
      "rate(1.5 days)",
      "rate(1 week)",
      "rate(01 day)",
    ],
  },
  {
    rule: "what comes again and again, by a run or by the clock",
    source: "EventBridge Scheduler user guide, Schedule types",
    key: "pages.refresh",
    accepted: ["after each run", "rate(1 hour)", "rate(15 minutes)", "cron(0 6 * * ? *)"],
    refused: ["", "never", "After each run", "rate(1 hours)", "cron(0 6 * * * *)", "at(2026-12-24T18:00:00)"],
  },
  {
    rule: "one moment, without a zone",
    source: "EventBridge Scheduler user guide, Schedule types",
    key: "pipelines.covid.schedule.expression",
    accepted: ["at(2026-12-24T18:00:00)", "at(2028-02-29T00:00:00)"],
    refused: [
      "at(2026-12-24)",
      "at(2026-02-29T00:00:00)",
      "at(2026-12-24T24:30:00)",
      "at(2026-12-24T18:00:00Z)",
      "at(now)",
    ],
  },
  {
    rule: "a time zone's name as the IANA database writes it, no offset",
    source: "EventBridge Scheduler user guide, Schedule types; API reference, CreateSchedule",
    key: "pipelines.covid.schedule.timeZone",
    accepted: ["UTC", "Europe/Berlin", "America/Port-au-Prince", "Etc/GMT+1", "US/Eastern", "Asia/Kolkata", "EST5EDT"],
    refused: ["utc", "europe/berlin", "Europe/berlin", "us/eastern", "US/EASTERN", "+01:00", "-0500", "Berlin", ""],
  },
  {
    rule: "a prefix says itself, and nothing else: in a policy's resource * and ? are wildcards",
    source: "IAM user guide, IAM JSON policy elements: Resource",
    key: "pipelines.metadata.prefix",
    accepted: ["", "uploads/", "a b/ü+(1)!'@,;:=&$", "x".repeat(200)],
    refused: ["*", "a*", "up?oads/", "/a", " a", "a\tb", "a\u0000", "x".repeat(201)],
  },
  {
    rule: "a secret is told by its whole ARN, and is one",
    source: "Secrets Manager user guide, Authentication and access control: the resource is the ARN with its suffix",
    key: "pipelines.covid.credentials.cases.secretArn",
    accepted: [
      "arn:aws:secretsmanager:eu-central-1:111122223333:secret:feed-AbCdEf",
      "arn:aws-us-gov:secretsmanager:eu-central-1:999988887777:secret:team/feeds+us=1.@x-a1B2c3",
    ],
    refused: [
      "arn:aws:secretsmanager:eu-central-1:111122223333:secret:*",
      "arn:aws:secretsmanager:eu-central-1:111122223333:secret:feed-*",
      "arn:aws:secretsmanager:eu-central-1:111122223333:secret:feed-??????",
      "arn:aws:secretsmanager:eu-central-1:111122223333:secret:feed",
      "arn:aws:secretsmanager:eu-central-1:111122223333:feed-AbCdEf",
      "arn:aws:secretsmanager:*:111122223333:secret:feed-AbCdEf",
      "arn:aws:secretsmanager::111122223333:secret:feed-AbCdEf",
      "feed-AbCdEf",
    ],
  },
  ...["feeds.sales.source.keyArn", "pipelines.covid.credentials.cases.secretKeyArn"].map((key) => ({
    rule: "a key is told by its ARN; a policy that names an alias allows nothing",
    source: "KMS developer guide, Using aliases to control access to KMS keys",
    key,
    accepted: [
      "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab",
      "arn:aws:kms:eu-central-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab",
    ],
    refused: [
      "arn:aws:kms:eu-central-1:111122223333:alias/feeds",
      "arn:aws:kms:eu-central-1:111122223333:key/*",
      "arn:aws:kms:eu-central-1:111122223333:*",
      "1234abcd-12ab-34cd-56ef-1234567890ab",
    ],
  })),
  ...[
    ["pipelines.covid.credentials.cases.secretArn", "secretsmanager", "secret:feed-AbCdEf"],
    ["pipelines.covid.credentials.recoveries.secretKeyArn", "kms", "key/1234abcd-12ab-34cd-56ef-1234567890ab"],
    ["feeds.sales.source.keyArn", "kms", "key/1234abcd-12ab-34cd-56ef-1234567890ab"],
  ].map(([key = "", service, rest]) => ({
    rule: "a secret or key of the region that the functions run in",
    source: "AWS General Reference, AWS Secrets Manager endpoints: each region's knows its own",
    key,
    under: { aws: { region: "eu-west-1" } },
    accepted: [`arn:aws:${service}:eu-west-1:999988887777:${rest}`],
    refused: [`arn:aws:${service}:eu-central-1:999988887777:${rest}`],
  })),
  ...[
    ["pipelines.metadata.prefix", "a$b{c}/", `a${expression("b")}/`, "a%{if true}/"],
    [
      "pipelines.covid.sources.cases",
      "https://example.com/a$b",
      `https://example.com/${expression("a.b")}`,
      "https://x.org/?a=%{b}",
    ],
    ["artifacts.directory", "dist", `${expression("path.module")}/x`, "a%{b}"],
  ].map(([key = "", accepted, ...refused]) => ({
    ...{ rule: "no expression of Terraform's", source: "Terraform's language, Strings and Templates", key, refused },
    accepted: [accepted],
  })),
  {
    rule: "a class that PostgreSQL 17 runs on",
    source: "RDS user guide, DB instance class types, and Supported DB engines for DB instance classes",
    key: "database.instanceClass",
    accepted: ["db.t3.micro", "db.t4g.micro", "db.m5d.large", "db.m7g.16xlarge", "db.r6gd.xlarge", "db.x2iedn.2xlarge"],
    refused: ["db.t2.micro", "db.m4.large", "db.r4.xlarge", "db.m3.medium", "db.t4g", "t4g.micro", "db.t4g.tiny"],
  },
  {
    rule: "a backup window of half an hour at least",
    source: "RDS API reference, CreateDBInstance, PreferredBackupWindow",
    key: "database.backupWindow",
    accepted: ["01:00-01:30", "23:45-00:15"],
    refused: ["01:00-01:29", "01:00-01:00", "1:00-2:00", "24:00-01:00", "01:60-02:30"],
  },
  {
    rule: "a maintenance window of half an hour at least",
    source: "RDS API reference, CreateDBInstance, PreferredMaintenanceWindow",
    key: "database.maintenanceWindow",
    accepted: ["mon:03:00-mon:03:30", "sun:23:45-mon:00:15", "sat:22:00-sun:00:30"],
    refused: ["mon:03:00-mon:03:29", "mon:03:00-mon:03:00", "mon:03:00-tue:03:00", "Mon:03:00-mon:04:00", "sunday"],
  },
  {
    rule: "maintenance and the daily backup do not overlap; they may touch",
    source: "RDS API reference, CreateDBInstance, PreferredBackupWindow",
    key: "database.maintenanceWindow",
    under: { database: { backupWindow: "23:30-00:30" } },
    accepted: ["mon:00:30-mon:01:00", "sun:23:00-sun:23:30", "wed:12:00-wed:13:00", "sun:00:30-sun:23:30"],
    refused: [
      "mon:00:00-mon:00:30",
      "mon:00:29-mon:01:00",
      "sun:23:00-sun:23:31",
      "sun:23:45-mon:00:15",
      "sun:23:00-mon:01:00",
      "wed:23:31-thu:00:29",
      "sat:20:00-sun:10:00",
    ],
  },
  {
    rule: "storage grows by a tenth at least, or not at all",
    source: "RDS user guide, Managing capacity automatically with Amazon RDS storage autoscaling",
    key: "database.maxStorageGb",
    under: { database: { storageGb: 100 } },
    accepted: [100, 110, 65_536],
    refused: [20, 99, 101, 109, 65_537],
  },
  {
    rule: "a gp3 volume of 20 GiB to 64 TiB",
    source: "RDS user guide, Amazon RDS DB instance storage",
    key: "database.storageGb",
    under: { database: { maxStorageGb: 65_536 } },
    accepted: [20, 59_578, 65_536],
    refused: [19, 65_537],
  },
  {
    rule: "backups are kept for up to 35 days",
    source: "RDS API reference, CreateDBInstance, BackupRetentionPeriod",
    key: "database.backupDays",
    accepted: [1, 35],
    refused: [0, 36],
  },
  {
    rule: "a database's name begins with a letter, and is no reserved word",
    source: "RDS API reference, CreateDBInstance, DBName; PostgreSQL 17, appendix C",
    key: "database.name",
    accepted: ["millrace", "feeds_2026", "users", "a".repeat(63)],
    refused: [
      "_feeds",
      "2feeds",
      "feeds-eu",
      "user",
      "order",
      "table",
      "left",
      "rdsadmin",
      "template1",
      "a".repeat(64),
    ],
  },
  {
    rule: "a range's address has no host bits, and its subnets are /28 at least",
    source: "VPC user guide, VPC CIDR blocks and Subnet CIDR blocks; EC2 API reference, CreateVpc",
    key: "network.cidr",
    accepted: ["10.0.0.0/16", "172.31.16.0/20", "192.168.7.0/24"],
    refused: [
      "10.0.0.1/16",
      "10.42.1.0/16",
      "172.31.8.0/20",
      "10.0.0.0/25",
      "10.0.0.0/15",
      "10.01.0.0/16",
      "172.32.0.0/16",
    ],
  },
  {
    rule: "peered networks do not overlap",
    source: "VPC Peering guide, VPC peering limitations",
    key: "network.peerCidrs",
    under: { network: { cidr: "10.42.16.0/20" } },
    accepted: [[], ["10.42.0.0/20", "10.42.32.0/19", "172.16.0.0/12"]],
    refused: [
      ["10.42.0.0/16"],
      ["10.50.0.0/16", "10.42.31.0/24"],
      ["10.0.0.0/8"],
      ["10.42.16.1/32", "x"],
      ["8.8.8.0/24"],
    ],
  },
  {
    rule: "a function has up to 16 subnets, RDS two zones",
    source: "Lambda API reference, VpcConfig; RDS user guide, Working with DB subnet groups",
    key: "network.subnetIds",
    under: { network },
    accepted: [subnets(2), subnets(16)],
    refused: [subnets(1), subnets(17), ["subnet-10000000", "subnet-10000000"]],
  },
  {
    rule: "a bucket's name",
    source: "S3 user guide, General purpose bucket naming rules",
    key: "feeds.sales.source.bucket",
    accepted: ["acme-raw", "acme.raw.2026", "a".repeat(63)],
    refused: [
      "ac",
      "Acme",
      "acme..raw",
      "192.168.5.4",
      "xn--acme",
      "sthree-acme",
      "acme-s3alias",
      "acme--ol-s3",
      "a".repeat(64),
    ],
  },
  {
    rule: "an environment of 4 KB in all",
    source: lambda,
    key: "pipelines.covid.sources.cases",
    accepted: [`https://example.com/${"a".repeat(980)}`],
    refused: [`https://example.com/${"a".repeat(981)}`],
  },
  {
    rule: "an environment of 4 KB in all",
    source: lambda,
    key: "pages.hide",
    accepted: [["customer_email"], ["a".repeat(1996)]],
    refused: [["a".repeat(1997)], Array.from({ length: 40 }, (_, at) => `${"t".repeat(24)}.${"c".repeat(24)}${at}`)],
  },
  {
    rule: "keys of 1,024 bytes, of which ours have a name and a hash behind their beginning",
    source: "S3 user guide, Naming Amazon S3 objects",
    key: "artifacts.keyPrefix",
    accepted: ["a", `releases/${"a".repeat(191)}`],
    refused: ["a".repeat(201), "a/"],
  },
  {
    rule: "a boundary of 6,144 characters, which names all secrets",
    source: "IAM user guide, IAM and AWS STS quotas",
    key: "notifications.webhooks",
    accepted: [webhooks(4, 346), webhooks(17, 12)],
    refused: [webhooks(4, 347), webhooks(25, 1)],
  },
  { rule: "memory", source: lambda, key: `${step}.memoryMb`, accepted: [128, 10_240], refused: [127, 10_241, 512.5] },
  { rule: "time-out", source: lambda, key: `${step}.timeoutSeconds`, accepted: [1, 900], refused: [0, 901] },
  {
    rule: "reserved concurrency; 0 would stop the function",
    source: "Lambda developer guide, Configuring reserved concurrency for a function",
    key: `${step}.reservedConcurrency`,
    accepted: [1, 1000, null],
    refused: [0, -1, 1.5],
  },
  {
    rule: "maximum concurrency of a queue",
    source: eventSource,
    key: "pipelines.orders.trigger.maximumConcurrency",
    under: { pipelines: { orders: { steps: { send: { reservedConcurrency: null } } } } },
    accepted: [2, 1000],
    refused: [1, 1001],
  },
  {
    rule: "batch of a queue without a batching window",
    source: eventSource,
    key: "pipelines.orders.trigger.batchSize",
    accepted: [1, 10],
    refused: [0, 11],
  },
  ...["pipelines.orders.trigger.maxReceives", "pipelines.orders.outgoing.maxReceives"].map((key) => ({
    ...{ rule: "receives before the dead-letter queue", source: sqs, key },
    ...{ accepted: [1, 1000], refused: [0, 1001] },
  })),
  {
    rule: "a message is kept for up to 14 days",
    source: sqs,
    key: "pipelines.orders.outgoing.retentionDays",
    accepted: [1, 14],
    refused: [0, 15],
  },
  {
    rule: "visibility time-out of up to 12 hours",
    source: sqs,
    key: "pipelines.orders.outgoing.visibilitySeconds",
    accepted: [0, 43_200],
    refused: [-1, 43_201],
  },
  {
    rule: "children at once, 10,000 at most; each is an execution of the function",
    source: map,
    key: "feeds.sales.maxConcurrency",
    under: {
      database: { connectionLimit: 5000 },
      feeds: { sales: { engine: "distributed-map", steps: { load: { reservedConcurrency: null } } } },
    },
    accepted: [1, 1000],
    refused: [0, 1001],
  },
  {
    rule: "share of failures",
    source: map,
    key: "feeds.sales.toleratedFailurePercentage",
    accepted: [0, 100],
    refused: [-1, 101],
  },
  {
    rule: "an execution of up to a year",
    source: map,
    key: "feeds.sales.maxHours",
    accepted: [1, 720],
    refused: [0, 721],
  },
  {
    rule: "an endpoint is subscribed once",
    source: "SNS API reference, Subscribe",
    key: "notifications.emails",
    accepted: [["a@example.com", "b@example.com"]],
    refused: [["a@example.com", "a@example.com"], ["a"]],
  },
  {
    rule: "days that log events are kept",
    source: "CloudWatch Logs API reference, PutRetentionPolicy",
    key: "logs.retentionDays",
    accepted: [1, 14, 365, 2557],
    refused: [0, 2, 31, 366],
  },
  {
    rule: "60 rules of a security group, with those of our functions",
    source: "VPC user guide, Amazon VPC quotas, Security groups",
    key: "database.access",
    under: { database: { mode: "create" } },
    accepted: [access(20, 20, 0), access(14, 13, 13)],
    refused: [access(20, 20, 1), access(20, 20, 20), access(14, 14, 13)],
  },
  ...["pipelines.covid.schedule", "pipelines.orders.trigger", "pipelines.metadata.trigger"].map((section) => ({
    ...{
      rule: "an alarm looks back seven days",
      source: "CloudWatch API reference, PutMetricAlarm, EvaluationPeriods",
    },
    ...{ key: `${section}.expectedEveryHours`, accepted: [1, 168], refused: [0, 169, 1.5] },
  })),
  {
    rule: "a limit above zero",
    source: "AWS Budgets API reference, Budget and Spend",
    key: "budget.monthlyUsd",
    accepted: [1, 1_000_000],
    refused: [0, -1, 0.5, "100"],
  },
  {
    rule: "links are signed with an RSA key of 2048 bits",
    source: "CloudFront developer guide, Specify signers that can create signed URLs and signed cookies",
    key: "pages.web.publicKey",
    accepted: [pagesWeb.publicKey, pagesWeb.publicKey.trim()],
    refused: [
      ...[{ modulusLength: 1024 }, { modulusLength: 3072 }].map((size) => publicPem(generateKeyPairSync("rsa", size))),
      publicPem(generateKeyPairSync("ec", { namedCurve: "P-384" })),
      ...[privateKey, "", "-----BEGIN PUBLIC KEY-----\nnone\n-----END PUBLIC KEY-----\n"],
    ],
  },
  {
    rule: "a link names one range of IPv4, and no IPv6",
    source: "CloudFront developer guide, Create a signed URL using a custom policy, IpAddress",
    key: "pages.web.networks",
    accepted: [[], ["203.0.113.0/24"], ["203.0.113.7/32", "198.51.100.0/24"]],
    refused: [
      ["203.0.113.7"],
      ["203.0.113.0/33"],
      ["2001:db8::/32"],
      ["203.0.113.0/24", "203.0.113.0/24"],
      "0.0.0.0/0",
    ],
  },
  ...["rawDays", "incomingDays", "rejectedDays", "messagesDays"].map((name) => ({
    ...{ rule: "whole days, more than none", source: "S3 API reference, LifecycleExpiration, Days" },
    ...{ key: `retention.${name}`, accepted: [90, 36_500], refused: [0, -1, 90.5, 36_501] },
  })),
  {
    rule: "whole days that an interval takes",
    source: "PostgreSQL manual, Date/Time Types, interval",
    key: "retention.revisionDays",
    accepted: [1, 36_500],
    refused: [0, -1, 1.5, 36_501],
  },
  {
    rule: "whole days to a time in seconds, longer than what a batch waits for",
    source: "DynamoDB developer guide, Using time to live",
    key: "retention.ledgerDays",
    accepted: [90, 36_500],
    refused: [0, 89, 90.5, 36_501],
    under: { retention: { incomingDays: 90 } },
  },
  {
    rule: "as many as a queue's policy of 8,192 bytes takes by the longest names",
    source: "SQS developer guide, Amazon SQS policy quotas",
    key: "pipelines.orders.consumers",
    accepted: [consumers(0), consumers(16)],
    refused: [consumers(17)],
  },
];

/** `{network: {cidr: value}}` of `network.cidr`, over what else the rule sets. */
function overridesOf({ key, under = {} }: Rule, value: unknown): Overrides {
  const [first = "", ...rest] = key.split(".");
  const merge = (base: unknown, [name, ...more]: readonly string[]): unknown =>
    name === undefined ? value : { ...(base as object), [name]: merge((base as Overrides | undefined)?.[name], more) };
  return { ...under, [first]: merge(under[first], rest) };
}

describe.each(rules)("$key: $rule ($source)", (rule) => {
  it("takes what AWS takes", () => {
    for (const value of rule.accepted) expect(() => overrideConfig(dev, overridesOf(rule, value))).not.toThrow();
  });

  it("refuses what AWS refuses, by the key's path", () => {
    for (const value of rule.refused) {
      expect(() => overrideConfig(dev, overridesOf(rule, value))).toThrow(
        new RegExp(
          `^The configuration .* is refused:\n(.*\n)* {2}${rule.key.replaceAll(".", "\\.")}\\b.*: got .*, allowed is`,
        ),
      );
    }
  });
});

it("every word that PostgreSQL reserves is refused as a database's name, and no other word of SQL", async () => {
  const database = await PGlite.create();
  const { rows } = await database.query<{ word: string; catcode: string }>(
    "select word, catcode from pg_get_keywords()",
  );
  await database.close();

  const refused = rows.filter(({ word }) => !isNewDatabaseName(word)).map(({ word }) => word);

  expect(refused.sort()).toEqual(
    rows
      .filter(({ catcode }) => catcode === "R" || catcode === "T")
      .map(({ word }) => word)
      .sort(),
  );
});
