import { generateKeyPairSync, type KeyPairKeyObjectResult } from "node:crypto";
import { pagesWeb, privateKey } from "../../infra/support/pages-web";
import type { AwsRule } from "./aws-rule";

const lambda = "Lambda developer guide, Lambda quotas; API reference, CreateFunction";
const network = { mode: "existing", vpcId: "vpc-0a1b2c3d" };
const access = (...counts: readonly number[]) => {
  const ids = (kind: string, count = 0) => Array.from({ length: count }, (_, at) => `${kind}-${10_000_000 + at}`);
  const cidrs = Array.from({ length: counts[1] ?? 0 }, (_, at) => `10.${at}.0.0/16`);
  return { securityGroupIds: ids("sg", counts[0]), cidrs, prefixListIds: ids("pl", counts[2]) };
};
const publicPem = ({ publicKey }: KeyPairKeyObjectResult) =>
  publicKey.export({ type: "spki", format: "pem" }).toString();
const subnets = (count: number) => Array.from({ length: count }, (_, index) => `subnet-${String(10_000_000 + index)}`);

/** Of the database, the network, sources and pages. */
export const dataRules: readonly AwsRule[] = [
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
    rule: "60 rules of a security group, with those of our functions",
    source: "VPC user guide, Amazon VPC quotas, Security groups",
    key: "database.access",
    under: { database: { mode: "create" } },
    accepted: [access(20, 20, 0), access(14, 13, 13)],
    refused: [access(20, 20, 1), access(20, 20, 20), access(14, 14, 13)],
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
];
