import type { Cloud } from "../../../../scripts/cloud/cloud";
import { callCloud } from "../call-cloud";

const ACCOUNT = "123456789012";
/** Besides Lambda the account itself, which is how the tests get its credentials. */
const PRINCIPAL = { Service: "lambda.amazonaws.com", AWS: `arn:aws:iam::${ACCOUNT}:root` };
const TRUST = { Effect: "Allow", Action: "sts:AssumeRole", Principal: PRINCIPAL };
const EVERYTHING = { Effect: "Allow", Action: "*", Resource: "*" };

/** What belongs to others in an account that they share with millrace's dev, made by the administrator. */
export interface AttackTargets {
  /** A key of another team. */
  readonly key: string;
  /** A security group of another team, that lets somebody in. */
  readonly group: string;
  /** The secret that RDS keeps for prod's database. */
  readonly secret: string;
  /** The id of another team's distribution. */
  readonly distribution: string;
}

export async function makeAttackTargets(cloud: Cloud): Promise<AttackTargets> {
  const made = [makeKey(cloud), makeGroup(cloud), makeSecret(cloud), makeDistribution(cloud)] as const;
  const [key, group, secret, distribution] = await Promise.all(made);
  return { key, group, secret, distribution };
}

/**
 * A role of a function that grants itself everything, bounded as each role is that the deploy role may make.
 *
 * @returns its ARN
 */
export async function makeGreedyRole(cloud: Cloud, name: string, boundary: string): Promise<string> {
  const AssumeRolePolicyDocument = policy(TRUST);
  const role = { RoleName: name, PermissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/${boundary}` };
  await iam(cloud, { Action: "CreateRole", AssumeRolePolicyDocument, ...role });
  await iam(cloud, {
    Action: "PutRolePolicy",
    RoleName: name,
    PolicyName: "granted",
    PolicyDocument: policy(EVERYTHING),
  });
  return `arn:aws:iam::${ACCOUNT}:role/${name}`;
}

export function policy(...Statement: readonly object[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

/** A form of EC2's or IAM's query protocol. */
export function form(fields: Readonly<Record<string, string>>, version: string): URLSearchParams {
  return new URLSearchParams({ ...fields, Version: version });
}

async function iam(cloud: Cloud, fields: Readonly<Record<string, string>>): Promise<void> {
  await succeed(callCloud(cloud, { service: "iam", body: form(fields, "2010-05-08") }));
}

/** Told by its alias alone, as keys often are: an untagged key without one cannot be told from one that is being made. */
async function makeKey(cloud: Cloud): Promise<string> {
  const kms = (action: string, body: object) =>
    succeed(callCloud(cloud, { service: "kms", target: `TrentService.${action}`, body }));
  const { Arn } = JSON.parse(await kms("CreateKey", { Description: "of another team" })).KeyMetadata;
  await kms("CreateAlias", { AliasName: "alias/another-team", TargetKeyId: Arn });
  return Arn;
}

async function makeGroup(cloud: Cloud): Promise<string> {
  const ec2 = (fields: Readonly<Record<string, string>>) =>
    succeed(callCloud(cloud, { service: "ec2", body: form(fields, "2016-11-15") }));
  const vpcs = await ec2({ Action: "DescribeVpcs" });
  const VpcId = /<vpcId>([^<]+)</.exec(vpcs)?.[1] ?? "";
  const made = await ec2({ Action: "CreateSecurityGroup", GroupName: "others", GroupDescription: "others", VpcId });
  const GroupId = /<groupId>([^<]+)</.exec(made)?.[1] ?? "";
  await ec2({ Action: "AuthorizeSecurityGroupIngress", GroupId, ...INGRESS });
  return GroupId;
}

export const INGRESS = {
  "IpPermissions.1.IpProtocol": "tcp",
  "IpPermissions.1.FromPort": "443",
  "IpPermissions.1.ToPort": "443",
  "IpPermissions.1.IpRanges.1.CidrIp": "10.0.0.0/8",
};

async function makeSecret(cloud: Cloud): Promise<string> {
  const database = `arn:aws:rds:${cloud.region}:${ACCOUNT}:db:millrace-prod-etl`;
  // As RDS tags it ("Password management with Amazon RDS and AWS Secrets Manager", RDS user guide).
  const Tags = [
    { Key: "aws:secretsmanager:owningService", Value: "rds" },
    { Key: "aws:rds:primaryDBInstanceArn", Value: database },
  ];
  const body = {
    Name: "rds!db-00000000-0000-4000-8000-000000000000",
    SecretString: "{}",
    Tags,
    ClientRequestToken: "0".repeat(32),
  };
  const call = { service: "secretsmanager", target: "secretsmanager.CreateSecret", body };
  return JSON.parse(await succeed(callCloud(cloud, call))).ARN;
}

async function makeDistribution(cloud: Cloud): Promise<string> {
  const origin = "<Id>a</Id><DomainName>a.example.com</DomainName>";
  const cache = "<TargetOriginId>a</TargetOriginId><ViewerProtocolPolicy>https-only</ViewerProtocolPolicy>";
  const body = [
    "<DistributionConfigWithTags><DistributionConfig><CallerReference>others</CallerReference><Comment/><Enabled>true</Enabled>",
    `<Origins><Quantity>1</Quantity><Items><Origin>${origin}</Origin></Items></Origins>`,
    `<DefaultCacheBehavior>${cache}</DefaultCacheBehavior></DistributionConfig>`,
    "<Tags><Items><Tag><Key>Project</Key><Value>others</Value></Tag></Items></Tags></DistributionConfigWithTags>",
  ].join("");
  const call = { service: "cloudfront", path: "/2020-05-31/distribution?WithTags", body };
  return /<Id>([A-Z0-9]+)<\/Id>/.exec(await succeed(callCloud(cloud, call)))?.[1] ?? "";
}

async function succeed(answer: Promise<Response>): Promise<string> {
  const response = await answer;
  const text = await response.text();
  if (!response.ok) throw new Error(`the administrator was refused: ${response.status} ${text}`);
  return text;
}
