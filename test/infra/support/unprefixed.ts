/** One resource that a role of the delivery, or their boundary, may name although it has no prefix of the project. */
export interface Unprefixed {
  /** As in the policy, in account 111122223333. */
  readonly resource: string;
  readonly actions: readonly string[];
  /** Condition keys without which it may not be granted. */
  readonly conditions?: readonly string[];
  readonly reason: string;
}

const ours = ["Project", "Environment", "Stack"].map((tag) => `aws:ResourceTag/${tag}`);
const asked = ["Project", "Environment", "Stack"].map((tag) => `aws:RequestTag/${tag}`);
const ec2 = (kind: string) => `arn:aws:ec2:eu-central-1:111122223333:${kind}/*`;
const keys = "arn:aws:kms:eu-central-1:111122223333:key/*";
const made = (kinds: readonly string[], ...actions: readonly string[]): readonly Unprefixed[] =>
  kinds.map((kind) => ({
    resource: ec2(kind),
    actions: actions.map((action) => `ec2:${action}`),
    conditions: asked,
    reason: "EC2 gives no names: what is made is given our tags.",
  }));

const describe = (what: string) => `ec2:Describe${what}`;

/** Each with its reason; one that nobody uses any more fails, and so does one of its actions. */
export const unprefixed: readonly Unprefixed[] = [
  {
    resource: "*",
    actions: [
      ...["kms:ListAliases", "logs:DescribeLogGroups", "states:ValidateStateMachineDefinition"],
      ...["sns:GetSubscriptionAttributes", "sns:SetSubscriptionAttributes", "sns:Unsubscribe"],
      ...["lambda:GetAccountSettings", "rds:DescribeOrderableDBInstanceOptions"],
      ...["Vpc*", "Subnets", "RouteTables", "InternetGateways", "NatGateways", "Addresses*"].map(describe),
      ...["SecurityGroup*", "NetworkAcls", "NetworkInterfaces", "PrefixLists", "FlowLogs"].map(describe),
      ...["AvailabilityZones", "AccountAttributes"].map(describe),
    ],
    reason: "Knows no resources.",
  },
  { resource: "*", actions: ["kms:CreateKey"], conditions: asked, reason: "A key has no name before it is made." },
  {
    resource: "*",
    actions: ["lambda:CreateEventSourceMapping"],
    conditions: ["lambda:FunctionArn"],
    reason: "A mapping has no name before it is made; the function that it calls tells whose it is.",
  },
  {
    resource: "arn:aws:lambda:eu-central-1:111122223333:event-source-mapping:*",
    actions: ["Get", "Update", "Delete"].map((verb) => `lambda:${verb}EventSourceMapping`),
    conditions: ["lambda:FunctionArn"],
    reason: "A mapping has an id for a name; the function that it calls tells whose it is.",
  },
  {
    resource: "arn:aws:lambda:eu-central-1:111122223333:event-source-mapping:*",
    actions: ["lambda:ListTags", "lambda:TagResource", "lambda:UntagResource"],
    conditions: ours,
    reason: "A mapping has an id for a name; its tags tell whose it is.",
  },
  {
    resource: "arn:aws:cloudwatch:eu-central-1:111122223333:alarm:*",
    actions: ["cloudwatch:DescribeAlarms"],
    reason: "A list is checked against every alarm.",
  },
  {
    resource: "arn:aws:rds:eu-central-1:111122223333:db:*",
    actions: ["rds:DescribeDBInstances", "rds:DescribeDBSnapshots"],
    reason: "A list is checked against every instance (terraform-provider-aws#35737).",
  },
  {
    resource: "arn:aws:rds:eu-central-1:111122223333:snapshot:*",
    actions: ["rds:DescribeDBSnapshots"],
    reason: "A list is checked against every snapshot.",
  },
  {
    resource: "arn:aws:rds:eu-central-1:111122223333:og:default:postgres-*",
    actions: ["rds:CreateDBInstance", "rds:ModifyDBInstance"],
    reason: "An instance is made in its engine's default option group, which nothing of these changes.",
  },
  {
    resource: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-*",
    actions: ["CreateSecret", "TagResource", "GetSecretValue"].map((name) => `secretsmanager:${name}`),
    conditions: ["aws:ResourceTag/aws:rds:primaryDBInstanceArn"],
    reason: "RDS names the secrets that it keeps, and writes on them whose they are.",
  },
  {
    resource: keys,
    actions: [
      ...["DescribeKey", "GetKeyPolicy", "GetKeyRotationStatus", "ListResourceTags", "Decrypt", "EnableKeyRotation"],
      ...["PutKeyPolicy", "UpdateKeyDescription", "TagResource", "UntagResource", "CreateAlias", "UpdateAlias"],
      ...["Encrypt", "ReEncrypt*", "GenerateDataKey*", "CreateGrant", "ScheduleKeyDeletion", "DeleteAlias"],
    ].map((action) => `kms:${action}`),
    conditions: ours,
    reason: "A key has an id for a name; its tags tell whose it is.",
  },
  {
    resource: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:slack-AbCdEf",
    actions: ["secretsmanager:GetSecretValue"],
    reason: "The boundary names each secret of the configuration.",
  },
  {
    resource: keys,
    actions: ["kms:DescribeKey"],
    conditions: ["kms:ResourceAliases"],
    reason: "AWS's own key of DynamoDB, which the provider looks up.",
  },
  ...made(["vpc"], "CreateVpc"),
  ...made(
    ["subnet", "route-table", "internet-gateway", "elastic-ip", "security-group"],
    ...["CreateSubnet", "CreateRouteTable", "CreateInternetGateway", "AllocateAddress", "CreateSecurityGroup"],
  ),
  ...made(
    ["natgateway", "vpc-endpoint", "vpc-flow-log", "security-group-rule"],
    ...["CreateNatGateway", "CreateVpcEndpoint", "CreateFlowLogs"],
    ...["AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress"],
  ),
  {
    resource: "arn:aws:ec2:eu-central-1:111122223333:*",
    actions: ["ec2:*"],
    conditions: ours,
    reason: "EC2 gives no names: what is changed or removed must have our tags.",
  },
  {
    resource: "arn:aws:ec2:eu-central-1:111122223333:*",
    actions: ["ec2:CreateTags"],
    conditions: ["ec2:CreateAction"],
    reason: "Tags are given to what is being made.",
  },
  {
    resource: ec2("network-interface"),
    actions: ["ec2:DeleteNetworkInterface", "ec2:DetachNetworkInterface"],
    conditions: ["ec2:Vpc"],
    reason: "Lambda's interfaces have no tags of ours; they are in our VPC.",
  },
  {
    resource: ec2("instance"),
    actions: ["ec2:DetachNetworkInterface"],
    reason: "An interface is detached from an instance, here Lambda's; which interface, another statement says.",
  },
  {
    resource: "*",
    actions: ["cloudfront:CreateDistribution"],
    conditions: asked,
    reason: "A distribution has no name before it is made.",
  },
  {
    resource: "arn:aws:cloudfront::111122223333:distribution/*",
    actions: [
      ...["GetDistribution", "UpdateDistribution", "DeleteDistribution", "ListTagsForResource", "TagResource"],
      "UntagResource",
    ].map((name) => `cloudfront:${name}`),
    conditions: ours,
    reason: "A distribution has an id for a name; its tags tell whose it is.",
  },
  {
    resource: "arn:aws:cloudfront::111122223333:distribution/*",
    actions: ["cloudfront:TagResource"],
    conditions: [...asked, ...ours],
    reason: "Tags are given to what is being made.",
  },
  {
    resource: "*",
    actions: ["quicksight:CreateVPCConnection", "quicksight:CreateDataSource"],
    conditions: asked,
    reason: "The reference names no resource for what is not there yet; it is given our tags.",
  },
  {
    resource: "*",
    actions: ["ec2:ModifyNetworkInterfaceAttribute", "ec2:DescribeSecurityGroups"],
    reason:
      "QuickSight's network interfaces, of whose names only EC2 knows: granted only where pages.quicksight is on.",
  },
  ...(["Create", "Get", "Update", "Delete"] as const).map((verb) => ({
    resource: "*",
    actions: [
      ...["PublicKey", "KeyGroup", ...(verb === "Create" ? ["OriginAccessControl", "ResponseHeadersPolicy"] : [])],
    ].map((noun) => `cloudfront:${verb}${noun}`),
    reason: "Knows no resources, and what it makes no tags: granted only where pages.web is on.",
  })),
  ...(
    [
      ["origin-access-control", "OriginAccessControl"],
      ["response-headers-policy", "ResponseHeadersPolicy"],
    ] as const
  ).map(([kind, noun]) => ({
    resource: `arn:aws:cloudfront::111122223333:${kind}/*`,
    actions: ["Get", "Update", "Delete"].map((verb) => `cloudfront:${verb}${noun}`),
    reason: "Has an id for a name and no tags: granted only where pages.web is on.",
  })),
  {
    resource: "arn:aws:route53:::hostedzone/*",
    actions: ["route53:AssociateVPCWithHostedZone"],
    reason: "An interface endpoint's private name is a hosted zone of AWS's.",
  },
  {
    resource: "arn:aws:iam::111122223333:role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS",
    actions: ["iam:CreateServiceLinkedRole"],
    conditions: ["iam:AWSServiceName"],
    reason: "The first database of an account makes RDS's own role.",
  },
  ...["", "aws-service-role/rds.amazonaws.com/"].map((path) => ({
    resource: `arn:aws:iam::111122223333:role/${path}AWSServiceRoleForRDS`,
    actions: ["iam:GetRole"],
    reason: "The pre-flight looks whether it is there; before it is, it has no path.",
  })),
  {
    resource: "<aws_s3_bucket.state_states_bucket>",
    actions: ["s3:ListBucket"],
    reason: "Terraform lists the states that there are; read are those of the deployed stacks.",
  },
  ...["network", "etl"].flatMap((stack) => [
    {
      resource: `<aws_s3_bucket.state_states_bucket>/millrace/prod/${stack}.tfstate`,
      actions: ["s3:GetObject", "s3:PutObject"],
      reason: "The state of a deployed stack.",
    },
    {
      resource: `<aws_s3_bucket.state_states_bucket>/millrace/prod/${stack}.tfstate.tflock`,
      actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      reason: "The lock of a deployed stack.",
    },
  ]),
  {
    resource: "<aws_s3_bucket.state_states_bucket>/millrace/prod/exports/*",
    actions: ["s3:PutObject"],
    reason: "What a rehearsal of a destruction exports must lie outside what is destroyed.",
  },
  {
    resource: "<aws_dynamodb_table.state_locks_table>",
    actions: ["GetItem", "PutItem", "DeleteItem"].map((action) => `dynamodb:${action}`),
    conditions: ["dynamodb:LeadingKeys"],
    reason: "Locks and digests of the deployed stacks.",
  },
  {
    resource: "<aws_dynamodb_table.state_locks_table>",
    actions: ["dynamodb:DescribeTable"],
    reason: "Asked for by HashiCorp's documentation of the S3 backend.",
  },
  {
    resource: "<aws_kms_key.state_key>",
    actions: ["kms:Decrypt", "kms:GenerateDataKey"],
    conditions: ["kms:ViaService"],
    reason: "The states' and locks' key, through S3 and DynamoDB.",
  },
  {
    resource: "*",
    actions: [
      ...["Create", "Get", "Update", "Delete"].map((verb) => `logs:${verb}LogDelivery`),
      ...["ListLogDeliveries", "PutResourcePolicy", "DescribeResourcePolicies"].map((name) => `logs:${name}`),
      ...["PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets"].map(
        (name) => `xray:${name}`,
      ),
      ...["CreateNetworkInterface", "DeleteNetworkInterface", "DescribeNetworkInterfaces"].map((name) => `ec2:${name}`),
      ...["AssignPrivateIpAddresses", "UnassignPrivateIpAddresses", "DescribeSubnets"].map((name) => `ec2:${name}`),
    ],
    reason: "The boundary of services that know no resources, or none before the call.",
  },
  {
    resource: "arn:aws:logs:eu-central-1:111122223333:log-group:RDS*",
    actions: [
      ...["CreateLogGroup", "PutRetentionPolicy", "CreateLogStream", "PutLogEvents"].map((name) => `logs:${name}`),
      ...["DescribeLogStreams", "GetLogEvents"].map((name) => `logs:${name}`),
    ],
    reason: "Enhanced monitoring writes to a group whose name RDS has chosen.",
  },
];
