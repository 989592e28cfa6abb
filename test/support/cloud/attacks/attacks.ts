import type { CloudCall } from "../call-cloud";
import { type AttackTargets, form, INGRESS, policy } from "./attack-targets";

const ACCOUNT = "123456789012";
const OUR_TAGS = { Project: "millrace", Environment: "dev", Stack: "etl" };
const NOBODY = "arn:aws:iam::999999999999:root";

export interface Place extends AttackTargets {
  readonly bucket: string;
  readonly lockTable: string;
  readonly stateKey: string;
}

export type Role = "plan" | "deploy" | "destroy" | "function";
/** Who, what AWS refuses, how it is said, and the call. */
type Attack = readonly [role: Role, action: string, title: string, call: (place: Place) => CloudCall];

const kms = (action: string, body: object): CloudCall => ({ service: "kms", target: `TrentService.${action}`, body });
const ec2 = (Action: string, fields: Readonly<Record<string, string>>): CloudCall => ({
  service: "ec2",
  body: form({ Action, ...fields }, "2016-11-15"),
});
const iam = (Action: string, fields: Readonly<Record<string, string>>): CloudCall => ({
  service: "iam",
  body: form({ Action, ...fields }, "2010-05-08"),
});
const s3 = (method: string, path: string, body?: object): CloudCall => ({ service: "s3", method, path, body });
const secrets = (action: string, body: object): CloudCall => ({
  service: "secretsmanager",
  target: `secretsmanager.${action}`,
  body,
});
const dynamodb = (action: string, body: object): CloudCall => ({
  service: "dynamodb",
  target: `DynamoDB_20120810.${action}`,
  body,
});
const rds = (Action: string, fields: Readonly<Record<string, string>>): CloudCall => ({
  service: "rds",
  body: form({ Action, ...fields }, "2014-10-31"),
});
const cloudfront = (method: string, path: string, body?: string): CloudCall => ({
  service: "cloudfront",
  method,
  path: `/2020-05-31/${path}`,
  body,
});
const distributionTags = Object.entries(OUR_TAGS)
  .map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`)
  .join("");
const keyTags = Object.entries(OUR_TAGS).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
const secretTags = Object.entries(OUR_TAGS).map(([Key, Value]) => ({ Key, Value }));
const groupTags = Object.fromEntries(
  Object.entries(OUR_TAGS).flatMap(([Key, Value], index) => [
    [`Tag.${index + 1}.Key`, Key],
    [`Tag.${index + 1}.Value`, Value],
  ]),
);
const state = ({ bucket }: Place, key: string) => `/${bucket}/millrace/dev/${key}`;
const lock = ({ bucket }: Place) => ({ S: `${bucket}/millrace/dev/etl.tfstate` });
const open = policy({ Effect: "Allow", Principal: { AWS: NOBODY }, Action: "kms:*", Resource: "*" });
const TRUST = policy({ Effect: "Allow", Principal: { AWS: NOBODY }, Action: "sts:AssumeRole" });
const prod = (kind: string) => `millrace-prod-${kind}-${ACCOUNT}`;

export const attacks: readonly Attack[] = [
  [
    "deploy",
    "kms:TagResource",
    "a key of another team is made ours by a tag",
    ({ key }) => kms("TagResource", { KeyId: key, Tags: keyTags }),
  ],
  [
    "deploy",
    "kms:TagResource",
    "the state's key is made ours by a tag",
    ({ stateKey }) => kms("TagResource", { KeyId: stateKey, Tags: keyTags }),
  ],
  [
    "deploy",
    "kms:PutKeyPolicy",
    "the state's key is opened",
    ({ stateKey }) => kms("PutKeyPolicy", { KeyId: stateKey, PolicyName: "default", Policy: open }),
  ],
  [
    "deploy",
    "kms:ScheduleKeyDeletion",
    "the state's key is deleted",
    ({ stateKey }) => kms("ScheduleKeyDeletion", { KeyId: stateKey }),
  ],
  [
    "destroy",
    "kms:ScheduleKeyDeletion",
    "the state's key is deleted",
    ({ stateKey }) => kms("ScheduleKeyDeletion", { KeyId: stateKey }),
  ],
  [
    "deploy",
    "ec2:CreateTags",
    "a security group of another team is made ours by a tag",
    ({ group }) => ec2("CreateTags", { "ResourceId.1": group, ...groupTags }),
  ],
  [
    "deploy",
    "ec2:RevokeSecurityGroupIngress",
    "a security group of another team is emptied",
    ({ group }) => ec2("RevokeSecurityGroupIngress", { GroupId: group, ...INGRESS }),
  ],
  [
    "destroy",
    "ec2:RevokeSecurityGroupIngress",
    "a security group of another team is emptied",
    ({ group }) => ec2("RevokeSecurityGroupIngress", { GroupId: group, ...INGRESS }),
  ],
  [
    "deploy",
    "secretsmanager:GetSecretValue",
    "prod's password is read",
    ({ secret }) => secrets("GetSecretValue", { SecretId: secret }),
  ],
  [
    "deploy",
    "secretsmanager:RotateSecret",
    "prod's password is rotated",
    ({ secret }) => secrets("RotateSecret", { SecretId: secret, ClientRequestToken: "1".repeat(32) }),
  ],
  [
    "deploy",
    "secretsmanager:TagResource",
    "prod's secret is made ours by a tag",
    ({ secret }) => secrets("TagResource", { SecretId: secret, Tags: secretTags }),
  ],
  [
    "plan",
    "secretsmanager:GetSecretValue",
    "prod's password is read",
    ({ secret }) => secrets("GetSecretValue", { SecretId: secret }),
  ],
  [
    "function",
    "secretsmanager:GetSecretValue",
    "prod's password is read",
    ({ secret }) => secrets("GetSecretValue", { SecretId: secret }),
  ],
  [
    "function",
    "kms:Decrypt",
    "the state's key decrypts",
    ({ stateKey }) => kms("Decrypt", { KeyId: stateKey, CiphertextBlob: "AAAA" }),
  ],
  [
    "function",
    "kms:Decrypt",
    "another team's key decrypts",
    ({ key }) => kms("Decrypt", { KeyId: key, CiphertextBlob: "AAAA" }),
  ],
  [
    "function",
    "s3:PutObject",
    "an artifact is replaced",
    () => s3("PUT", `/millrace-dev-artifacts-${ACCOUNT}/lambda/handler.zip`, {}),
  ],
  ["function", "s3:GetObject", "the state is read", (place) => s3("GET", state(place, "etl.tfstate"))],
  ["function", "s3:ListBucket", "the states are listed", ({ bucket }) => s3("GET", `/${bucket}?list-type=2`)],
  ["function", "s3:GetObject", "prod's raw files are read", () => s3("GET", `/${prod("raw")}/covid/cases.csv`)],
  [
    "function",
    "iam:CreateRole",
    "a role is made",
    () => iam("CreateRole", { RoleName: "millrace-dev-next", AssumeRolePolicyDocument: TRUST }),
  ],
  ["plan", "s3:PutObject", "a state's lock is written", (place) => s3("PUT", state(place, "etl.tfstate.tflock"), {})],
  ["plan", "s3:DeleteObject", "a state's lock is deleted", (place) => s3("DELETE", state(place, "etl.tfstate.tflock"))],
  [
    "plan",
    "dynamodb:PutItem",
    "a state's lock is written in the table",
    (place) => dynamodb("PutItem", { TableName: place.lockTable, Item: { LockID: lock(place) } }),
  ],
  [
    "plan",
    "dynamodb:DeleteItem",
    "a state's lock is deleted in the table",
    (place) => dynamodb("DeleteItem", { TableName: place.lockTable, Key: { LockID: lock(place) } }),
  ],
  ["plan", "s3:PutObject", "a state is written", (place) => s3("PUT", state(place, "etl.tfstate"), {})],
  [
    "plan",
    "s3:GetObject",
    "the state of the state backend is read",
    (place) => s3("GET", state(place, "state-backend.tfstate")),
  ],
  [
    "deploy",
    "s3:PutObject",
    "the state of the state backend is written",
    (place) => s3("PUT", state(place, "state-backend.tfstate"), {}),
  ],
  ["destroy", "s3:DeleteObject", "a state is deleted", (place) => s3("DELETE", state(place, "etl.tfstate"))],
  [
    "deploy",
    "iam:CreateRole",
    "a role without the boundary is made",
    () => iam("CreateRole", { RoleName: "millrace-dev-free", AssumeRolePolicyDocument: TRUST }),
  ],
  [
    "deploy",
    "iam:PutRolePolicy",
    "it grants itself more",
    () =>
      iam("PutRolePolicy", {
        RoleName: "bootstrap-millrace-dev-deploy",
        PolicyName: "attack-more",
        PolicyDocument: policy({ Effect: "Allow", Action: "*", Resource: "*" }),
      }),
  ],
  [
    "deploy",
    "iam:UpdateAssumeRolePolicy",
    "prod's deploy role is opened",
    () => iam("UpdateAssumeRolePolicy", { RoleName: "bootstrap-millrace-prod-deploy", PolicyDocument: TRUST }),
  ],
  [
    "deploy",
    "iam:CreatePolicyVersion",
    "the boundary is widened",
    () =>
      iam("CreatePolicyVersion", {
        PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/bootstrap-millrace-dev-boundary`,
        PolicyDocument: policy({ Effect: "Allow", Action: "*", Resource: "*" }),
        SetAsDefault: "true",
      }),
  ],
  [
    "deploy",
    "iam:DeleteRolePermissionsBoundary",
    "a role loses its boundary",
    () => iam("DeleteRolePermissionsBoundary", { RoleName: "millrace-dev-covid-load" }),
  ],
  [
    "deploy",
    "s3:PutBucketPolicy",
    "prod's bucket is opened",
    () => s3("PUT", `/${prod("raw")}?policy`, JSON.parse(open)),
  ],
  [
    "deploy",
    "s3:PutObject",
    "prod's artifacts are replaced",
    () => s3("PUT", `/${prod("artifacts")}/lambda/handler.zip`, {}),
  ],
  [
    "deploy",
    "rds:ModifyDBInstance",
    "prod's database is changed",
    () => rds("ModifyDBInstance", { DBInstanceIdentifier: "millrace-prod-etl", DeletionProtection: "false" }),
  ],
  [
    "destroy",
    "rds:DeleteDBInstance",
    "prod's database is deleted",
    () => rds("DeleteDBInstance", { DBInstanceIdentifier: "millrace-prod-etl", SkipFinalSnapshot: "true" }),
  ],
  [
    "deploy",
    "cloudfront:TagResource",
    "a distribution of another team is made ours by a tag",
    ({ distribution }) =>
      cloudfront(
        "POST",
        `tagging?Operation=Tag&Resource=arn:aws:cloudfront::${ACCOUNT}:distribution/${distribution}`,
        `<Tags><Items>${distributionTags}</Items></Tags>`,
      ),
  ],
  [
    "destroy",
    "cloudfront:DeleteDistribution",
    "a distribution of another team is deleted",
    ({ distribution }) => cloudfront("DELETE", `distribution/${distribution}`),
  ],
  ["destroy", "s3:DeleteBucket", "prod's bucket is deleted", () => s3("DELETE", `/${prod("raw")}`)],
  [
    "destroy",
    "dynamodb:DeleteTable",
    "prod's ledger is deleted",
    () => dynamodb("DeleteTable", { TableName: "millrace-prod-orders-ledger" }),
  ],
];
