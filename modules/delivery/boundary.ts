import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { Construct } from "constructs";
import { Account } from "../account";
import { policyJson, type Statement } from "../policy";
import { type AccessScope, actions } from "./access";

export interface BoundaryProps extends Pick<AccessScope, "prefix"> {
  readonly name: string;
  /** Secrets that functions may read. */
  readonly secretArns: readonly string[];
  /** Buckets of others that functions may read. */
  readonly readBuckets: readonly string[];
  /** Keys of other accounts that they decrypt with. */
  readonly keyArns: readonly string[];
}

/**
 * The most that any role of the stacks can ever do, whatever its own policy says. It gives nothing by itself. A
 * module that needs an action which is not here fails the infra tests, not the deployment.
 */
export class Boundary extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: BoundaryProps) {
    super(scope, id);
    this.arn = new IamPolicy(this, "policy", {
      name: props.name,
      description: `The most that roles named ${props.prefix}-* can do.`,
      policy: policyJson(this, "document", this.#limits(props)),
    }).arn;
  }

  #limits({ prefix, secretArns, readBuckets, keyArns }: BoundaryProps): readonly Statement[] {
    const account = Account.of(this);
    const named = (service: string, resource = "") => [account.arn(service, `${resource}${prefix}-*`)];
    const bucket = (name: string) => `arn:${account.partition}:s3:::${name}`;
    const foreign = readBuckets.flatMap((name) => [bucket(name), `${bucket(name)}/*`]);
    return [
      {
        actions: actions("s3", ...reads, "PutObject", "AbortMultipartUpload", "ListMultipartUploadParts"),
        resources: [bucket(`${prefix}-*`)],
      },
      ...(foreign.length > 0 ? [{ actions: actions("s3", ...reads), resources: foreign }] : []),
      { actions: actions("kms", "Decrypt", "GenerateDataKey"), resources: [account.arn("kms", "key/*"), ...keyArns] },
      { actions: actions("secretsmanager", "GetSecretValue"), resources: secretArns },
      { actions: actions("lambda", "InvokeFunction"), resources: named("lambda", "function:") },
      { actions: actions("states", "StartExecution"), resources: named("states", "stateMachine:") },
      { actions: actions("states", "DescribeExecution", "StopExecution"), resources: named("states", "execution:") },
      { actions: actions("sns", "Publish"), resources: named("sns") },
      {
        actions: actions("sqs", "SendMessage", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"),
        resources: named("sqs"),
      },
      {
        actions: actions("dynamodb", "GetItem", "Query", "PutItem", "DeleteItem"),
        resources: named("dynamodb", "table/"),
      },
      {
        actions: actions(
          "logs",
          "CreateLogGroup",
          "PutRetentionPolicy",
          "CreateLogStream",
          "PutLogEvents",
          "DescribeLogStreams",
          "GetLogEvents",
        ),
        resources: [account.arn("logs", "log-group:*")],
      },
      { actions: withoutResources, resources: ["*"] },
    ];
  }
}

const reads = ["ListBucket", "GetObject", "GetObjectVersion"];

/** Log delivery and traces know no resources; of the network interfaces of functions only EC2 knows the names. */
const withoutResources = [
  ...actions(
    "logs",
    "CreateLogDelivery",
    "GetLogDelivery",
    "UpdateLogDelivery",
    "DeleteLogDelivery",
    "ListLogDeliveries",
    "PutResourcePolicy",
    "DescribeResourcePolicies",
    "DescribeLogGroups",
  ),
  ...actions("xray", "PutTraceSegments", "PutTelemetryRecords", "GetSamplingRules", "GetSamplingTargets"),
  ...actions(
    "ec2",
    "CreateNetworkInterface",
    "DescribeNetworkInterfaces",
    "DeleteNetworkInterface",
    "AssignPrivateIpAddresses",
    "UnassignPrivateIpAddresses",
    "DescribeSubnets",
    "DescribeSecurityGroups",
    "DescribeVpcs",
  ),
];
