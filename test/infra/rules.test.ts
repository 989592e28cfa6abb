import { looseOidcTrust, openToEverybody, type Rule, starActions, starResources } from "./support/policy-rules";
import {
  brokenTokens,
  endpointWithoutPolicy,
  literalSecrets,
  openToTheWorld,
  plainHttpBuckets,
  unboundedRoles,
  unprotectedLocks,
} from "./support/resource-rules";
import { Template } from "./support/template";

/** A reference as Terraform reads it. */
const expression = (text: string) => `\${${text}}`;
const arn = expression("aws_s3_bucket.x.arn");
const resource = (type: string, args: object) => new Template(JSON.stringify({ resource: { [type]: { x: args } } }));
const document = (statement: object) =>
  new Template(JSON.stringify({ data: { aws_iam_policy_document: { x: { statement: [statement] } } } }));
const trust = (Condition?: object) =>
  resource("aws_iam_role", {
    assume_role_policy: JSON.stringify({
      Statement: {
        Effect: "Allow",
        Action: "sts:AssumeRoleWithWebIdentity",
        Principal: { Federated: "arn" },
        Condition,
      },
    }),
  });
const github = (subject: unknown, aud = "sts.amazonaws.com") =>
  trust({
    StringEquals: {
      "token.actions.githubusercontent.com:aud": aud,
      "token.actions.githubusercontent.com:sub": subject,
    },
  });
const endpoint = (statement: object) =>
  resource("aws_vpc_endpoint", { policy: JSON.stringify({ Statement: [{ Effect: "Allow", ...statement }] }) });
const ours = { StringEquals: { "aws:PrincipalAccount": "1" } };
const bucket = (Resource: unknown, transport = "false") =>
  new Template(
    JSON.stringify({
      resource: {
        aws_s3_bucket: { x: {} },
        aws_s3_bucket_policy: {
          x: {
            policy: JSON.stringify({
              Statement: [
                {
                  Effect: "Deny",
                  Principal: "*",
                  Action: "s3:*",
                  Resource,
                  Condition: { Bool: { "aws:SecureTransport": transport } },
                },
              ],
            }),
          },
        },
      },
    }),
  );

/** What no scanner notices, and what each rule must find. */
const broken: readonly (readonly [string, Rule, Template])[] = [
  ["a token that was changed", brokenTokens, resource("aws_x", { name: expression("tfTOKEN[TOKEN.1]") })],
  ["a literal password", literalSecrets, resource("aws_db_instance", { password: "hunter2" })],
  ["a literal password deeper down", literalSecrets, resource("aws_mq_broker", { user: [{ password: "hunter2" }] })],
  ["a literal secret", literalSecrets, resource("aws_secretsmanager_secret_version", { secret_string: "{}" })],
  [
    "5432 open to the world",
    openToTheWorld,
    resource("aws_vpc_security_group_ingress_rule", { cidr_ipv4: "0.0.0.0/0", from_port: 5432 }),
  ],
  [
    "the same in an older form",
    openToTheWorld,
    resource("aws_security_group_rule", { type: "ingress", cidr_blocks: ["0.0.0.0/0"] }),
  ],
  [
    "the same inline, by IPv6",
    openToTheWorld,
    resource("aws_security_group", { ingress: [{ ipv6_cidr_blocks: ["::/0"] }] }),
  ],
  ["an endpoint without a policy", endpointWithoutPolicy, resource("aws_vpc_endpoint", {})],
  ["an endpoint for all", endpointWithoutPolicy, endpoint({ Action: "*", Resource: "arn", Condition: ours })],
  ["an endpoint to all", endpointWithoutPolicy, endpoint({ Action: "s3:GetObject", Resource: "*", Condition: ours })],
  ["an endpoint for any account", endpointWithoutPolicy, endpoint({ Action: "s3:GetObject", Resource: "arn" })],
  ["a lock table without protection", unprotectedLocks, resource("aws_dynamodb_table", { hash_key: "LockID" })],
  ["an OIDC trust without conditions", looseOidcTrust, trust()],
  ["an OIDC trust without sub", looseOidcTrust, trust({ StringEquals: { "x:aud": "sts.amazonaws.com" } })],
  ["an OIDC trust with a wild sub", looseOidcTrust, github("*")],
  ["an OIDC trust of all repositories", looseOidcTrust, github("repo:octo-org/*")],
  ["an OIDC trust of all places", looseOidcTrust, github(["repo:o/r:pull_request", "repo:o/r:*"])],
  ["an OIDC trust of half an immutable subject", looseOidcTrust, github("repo:o@1/r:pull_request")],
  ["an OIDC trust of any id", looseOidcTrust, github("repo:o@*/r@*:pull_request")],
  ["an OIDC trust by likeness", looseOidcTrust, trust({ StringLike: { "x:sub": "repo:o/r:pull_request" } })],
  ["an OIDC trust for another audience", looseOidcTrust, github("repo:o/r:pull_request", "https://github.com/o")],
  ["a bucket without a policy", plainHttpBuckets, resource("aws_s3_bucket", {})],
  ["a bucket whose objects answer plain HTTP", plainHttpBuckets, bucket(arn)],
  ["a bucket that refuses TLS", plainHttpBuckets, bucket([arn, `${arn}/*`], "true")],
  ["every action", starActions, document({ actions: ["*"], resources: ["arn"] })],
  ["every action of a service", starActions, document({ actions: ["s3:*"], resources: ["arn"] })],
  ["every resource", starResources, document({ actions: ["s3:GetObject", "xray:PutTraceSegments"], resources: ["*"] })],
  [
    "a resource policy for everybody",
    openToEverybody,
    endpoint({ Principal: "*", Action: "s3:GetObject", Resource: "arn" }),
  ],
  ["a role without a boundary", unboundedRoles, resource("aws_iam_role", {})],
];

describe("our own scanner", () => {
  test.each(broken)("finds %s", (_, rule, template) => {
    expect(rule(template)).toHaveLength(1);
  });

  test("accepts allowed values", () => {
    expect(
      looseOidcTrust(github(["repo:octo-org/mill.race:environment:prod", "repo:o@1/r@2:ref:refs/heads/main"])),
    ).toEqual([]);
    expect(starResources(document({ actions: ["ec2:Describe*", "kms:CreateKey"], resources: ["*"] }))).toEqual([]);
    expect(plainHttpBuckets(bucket([arn, `${arn}/*`]))).toEqual([]);
    expect(literalSecrets(resource("aws_db_instance", { manage_master_user_password: true }))).toEqual([]);
  });
});
