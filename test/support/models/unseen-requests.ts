import type { CloudCall } from "../cloud/call-cloud";

type Unseen = readonly [title: string, call: CloudCall, says: RegExp];

/** Known operations in which the table of permissions finds nothing to check, and no model of AWS's finds a fault. */
export const UNSEEN: readonly Unseen[] = [
  ["EC2, without a group", ec2("DeleteSecurityGroup"), /finds no resource in this request/],
  ["EC2, without an address", ec2("ReleaseAddress"), /finds no resource in this request/],
  [
    "EC2, a kind of resource that the table does not know",
    ec2("CreateTags", { "ResourceId.1": "i-1", "Tag.1.Key": "a", "Tag.1.Value": "b" }),
    /cannot read this request/,
  ],
  [
    "Logs, a query of no group",
    logs("StartQuery", { startTime: 0, endTime: 1, queryString: "fields @message" }),
    /finds no resource in this request/,
  ],
  ["Logs, filters of all groups", logs("DescribeMetricFilters", {}), /cannot read this request/],
  [
    "SNS, a message to a telephone",
    { service: "sns", body: form("2010-03-31", { Action: "Publish", PhoneNumber: "+1", Message: "a" }) },
    /cannot read this request/,
  ],
];

/** Requests that AWS refuses for what they lack, before it asks who may. */
export const LACKING: readonly Unseen[] = [
  ["EC2", ec2("DisassociateRouteTable"), /<Code>MissingParameter<.*AssociationId/],
  ["DynamoDB", dynamodb("BatchGetItem", { RequestItems: {} }), /"ValidationException".*RequestItems/],
  ["Secrets Manager", { service: "secretsmanager", target: "secretsmanager.DeleteSecret", body: {} }, /SecretId/],
  ["SNS", { service: "sns", body: form("2010-03-31", { Action: "Subscribe" }) }, /<Code>ValidationError<.*TopicArn/],
];

/** What is named in another way than Terraform names it is found, too: these name what a role without rights may not have. */
export const NAMED_OTHERWISE: readonly Unseen[] = [
  [
    "a group by its name",
    ec2("RevokeSecurityGroupIngress", { GroupName: "default", IpProtocol: "-1" }),
    /RevokeSecurityGroupIngress on resource: arn:aws:ec2:[^ ]*security-group\/sg-[0-9a-f]+ /,
  ],
  [
    "a group by its name beside another",
    ec2("DeleteSecurityGroup", { GroupName: "default", GroupId: "sg-1" }),
    /DeleteSecurityGroup on resource: arn:aws:ec2:[^ ]*security-group\/sg-1 /,
  ],
  [
    "an address by its association",
    ec2("DisassociateAddress", { AssociationId: "eipassoc-1" }),
    /DisassociateAddress on resource: arn:aws:ec2:[^ ]*elastic-ip\//,
  ],
  [
    "an interface by its attachment",
    ec2("DetachNetworkInterface", { AttachmentId: "eni-attach-1" }),
    /DetachNetworkInterface on resource: arn:aws:ec2:[^ ]*network-interface\//,
  ],
  [
    "a group of logs by its ARN",
    logs("StartQuery", {
      startTime: 0,
      endTime: 1,
      queryString: "fields @message",
      logGroupIdentifiers: ["arn:aws:logs:eu-central-1:123456789012:log-group:/a/b"],
    }),
    /StartQuery on resource: arn:aws:logs:[^ ]*log-group:\/a\/b:/,
  ],
];

function ec2(Action: string, parameters: Readonly<Record<string, string>> = {}): CloudCall {
  return { service: "ec2", body: form("2016-11-15", { Action, ...parameters }) };
}

function logs(operation: string, body: object): CloudCall {
  return { service: "logs", target: `Logs_20140328.${operation}`, body };
}

function dynamodb(operation: string, body: object): CloudCall {
  return { service: "dynamodb", target: `DynamoDB_20120810.${operation}`, body };
}

function form(Version: string, parameters: Readonly<Record<string, string>>): URLSearchParams {
  return new URLSearchParams({ Version, ...parameters });
}
