import type { IamRequest } from "./support/iam";
import { isAllowed } from "./support/iam";
import { DeployedRoles, ROLE_KINDS, tags } from "./support/roles";

const roles = new DeployedRoles("network create/none, database create");
const ec2 = (resource: string) => `arn:aws:ec2:eu-central-1:111122223333:${resource}`;
const key = "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d";
const stateKey = "arn:aws:kms:eu-central-1:111122223333:key/state_key_5FD9E39E";
const secret = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-0a1b2c3d";
const distribution = "arn:aws:cloudfront::111122223333:distribution/E0A1B2C3D4E5F6";
const asOurs = tags("RequestTag", "etl");
const ofState = tags("ResourceTag", "state-backend");
const ofDev = { ...tags("ResourceTag", "etl"), "aws:ResourceTag/Environment": "dev" };
const devDatabase = {
  "aws:ResourceTag/aws:rds:primaryDBInstanceArn": "arn:aws:rds:eu-central-1:111122223333:db:millrace-dev-etl",
};
const inOtherVpc = { "ec2:Vpc": ec2("vpc/vpc-0a1b2c3d") };

const attack = (action: string, resource: string, context: Readonly<Record<string, string>> = {}): IamRequest => ({
  action,
  resource,
  context,
});

/** What nobody who deploys may do, whatever he asks for. */
const attacks: Readonly<Record<string, readonly IamRequest[]>> = {
  "make a key of another environment ours by tagging it": [
    attack("kms:TagResource", key, { ...asOurs, ...ofDev }),
    attack("kms:TagResource", key, { ...asOurs, "aws:ResourceTag/Project": "other" }),
  ],
  "make a key ours that has an alias and no tags": [
    attack("kms:TagResource", key, { ...asOurs, "kms:ResourceAliases": "alias/payroll" }),
  ],
  "take the state's key": [
    ...[stateKey, key].map((resource) => attack("kms:TagResource", resource, { ...asOurs, ...ofState })),
    ...["PutKeyPolicy", "ScheduleKeyDeletion", "UntagResource", "CreateGrant", "UpdateAlias"].map((name) =>
      attack(`kms:${name}`, stateKey, ofState),
    ),
    // Somebody tagged it by mistake.
    ...["PutKeyPolicy", "ScheduleKeyDeletion"].map((name) =>
      attack(`kms:${name}`, stateKey, tags("ResourceTag", "etl")),
    ),
  ],
  "decrypt by hand with a key of ours": [
    attack("kms:Decrypt", key, tags("ResourceTag", "etl")),
    attack("kms:Decrypt", stateKey, ofState),
    attack("kms:Decrypt", stateKey, tags("ResourceTag", "etl")),
  ],
  "empty or adopt a security group that has no tags": [
    attack("ec2:RevokeSecurityGroupIngress", ec2("security-group/sg-0a1b2c3d")),
    attack("ec2:RevokeSecurityGroupEgress", ec2("security-group/sg-0a1b2c3d")),
    attack("ec2:CreateTags", ec2("security-group/sg-0a1b2c3d"), asOurs),
  ],
  "make something in a network or a group that is not ours, by giving it our tags": [
    attack("ec2:AuthorizeSecurityGroupIngress", ec2("security-group/sg-0a1b2c3d"), asOurs),
    attack("ec2:AuthorizeSecurityGroupEgress", ec2("security-group/sg-0a1b2c3d"), { ...asOurs, ...ofDev }),
    ...["CreateSubnet", "CreateRouteTable", "CreateSecurityGroup", "CreateVpcEndpoint", "CreateFlowLogs"].map((name) =>
      attack(`ec2:${name}`, ec2("vpc/vpc-0a1b2c3d"), asOurs),
    ),
    attack("ec2:CreateNatGateway", ec2("subnet/subnet-0a1b2c3d"), asOurs),
    attack("ec2:CreateNatGateway", ec2("elastic-ip/eipalloc-0a1b2c3d"), asOurs),
    attack("ec2:CreateVpcEndpoint", ec2("route-table/rtb-0a1b2c3d"), asOurs),
  ],
  "read the secrets that EC2's lists tell, of instances, templates and VPNs": [
    ...[
      "DescribeInstanceAttribute",
      "DescribeInstances",
      "DescribeLaunchTemplateVersions",
      "DescribeSpotFleetRequests",
    ],
    ...["DescribeVpnConnections", "DescribeClientVpnEndpoints", "DescribeVerifiedAccessTrustProviders"],
    ...["GetPasswordData", "GetConsoleOutput", "GetLaunchTemplateData"],
  ].map((name) => attack(`ec2:${name}`, "*")),
  "remove a network interface of another VPC": [
    attack("ec2:DeleteNetworkInterface", ec2("network-interface/eni-0a1b2c3d"), inOtherVpc),
    attack("ec2:DetachNetworkInterface", ec2("network-interface/eni-0a1b2c3d"), inOtherVpc),
  ],
  "read or change the password of another environment's database": [
    ...["GetSecretValue", "RotateSecret", "TagResource", "PutSecretValue"].map((name) =>
      attack(`secretsmanager:${name}`, secret, devDatabase),
    ),
    attack("secretsmanager:GetSecretValue", secret),
  ],
  "make another environment's event source mapping ours": [
    attack("lambda:TagResource", "arn:aws:lambda:eu-central-1:111122223333:event-source-mapping:0a1b", {
      ...asOurs,
      ...ofDev,
    }),
  ],
  "make another environment's distribution ours": [
    attack("cloudfront:TagResource", distribution, { ...asOurs, ...ofDev }),
    attack("cloudfront:TagResource", distribution, { ...asOurs, "aws:ResourceTag/Project": "other" }),
    ...["UpdateDistribution", "DeleteDistribution", "UntagResource"].map((name) =>
      attack(`cloudfront:${name}`, distribution, ofDev),
    ),
  ],
  "make or bound a role otherwise than the bootstrap says": [
    attack("iam:CreateRole", "arn:aws:iam::111122223333:role/millrace-prod-x"),
    attack("iam:PutRolePolicy", "arn:aws:iam::111122223333:role/millrace-prod-x"),
    attack("iam:DeleteRolePermissionsBoundary", "arn:aws:iam::111122223333:role/millrace-prod-x"),
    attack("iam:UpdateAssumeRolePolicy", "arn:aws:iam::111122223333:role/bootstrap-millrace-prod-deploy"),
    attack("iam:PassRole", "arn:aws:iam::111122223333:role/millrace-prod-x", {
      "iam:PassedToService": "ec2.amazonaws.com",
    }),
  ],
  "call a function that acts, or that people ask": [
    ...["covid-load", "orders-send", "sql", "retention"].map((name) =>
      attack("lambda:InvokeFunction", `arn:aws:lambda:eu-central-1:111122223333:function:millrace-prod-${name}`),
    ),
    attack("lambda:InvokeFunction", "arn:aws:lambda:eu-central-1:111122223333:function:millrace-dev-export"),
  ],
  "read what a rehearsal has exported": [
    attack(
      "s3:GetObject",
      "arn:aws:s3:::bootstrap-millrace-prod-state-x/millrace/prod/exports/x/tables/covid_daily.csv.gz",
    ),
    attack("dynamodb:Scan", "arn:aws:dynamodb:eu-central-1:111122223333:table/millrace-dev-orders-ledger"),
  ],
  "touch the state backend's own state": [
    ...["GetObject", "PutObject"].map((name) =>
      attack(`s3:${name}`, "arn:aws:s3:::bootstrap-millrace-prod-state-x/millrace/prod/state-backend.tfstate"),
    ),
  ],
};

describe.each(ROLE_KINDS)("the %s role cannot", (role) => {
  const statements = roles.statementsOf(role);

  test.each(Object.entries(attacks))("%s", (_, requests) => {
    expect(requests.filter((request) => isAllowed(statements, request))).toEqual([]);
  });
});

test("only the destroy role shows itself the tables and the ledger, for a rehearsal", () => {
  const looks = [
    attack("lambda:InvokeFunction", "arn:aws:lambda:eu-central-1:111122223333:function:millrace-prod-export"),
    attack("dynamodb:Scan", "arn:aws:dynamodb:eu-central-1:111122223333:table/millrace-prod-orders-ledger"),
  ];
  const allowed = (role: (typeof ROLE_KINDS)[number]) =>
    looks.filter((look) => isAllowed(roles.statementsOf(role), look)).map(({ action }) => action);

  expect(allowed("destroy")).toEqual(["lambda:InvokeFunction", "dynamodb:Scan"]);
  expect([...allowed("plan"), ...allowed("deploy")]).toEqual([]);
});
