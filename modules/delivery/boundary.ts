import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy";
import { Construct } from "constructs";
import { Account } from "../account";
import { policyJson, type Statement } from "../function/policy";
import { type AccessScope, actions, logGroups, tagged } from "./access/access";
import { RDS_SECRET_OF } from "./access/storage-access";

export interface BoundaryProps extends AccessScope {
  readonly name: string;
  /** Secrets outside the stacks that functions may read. */
  readonly secretArns: readonly string[];
  /** Whether RDS keeps the password of our database. */
  readonly managesDatabase: boolean;
  /** Buckets outside the stacks that functions may read. */
  readonly readBuckets: readonly string[];
  /** Foreign keys that they decrypt with. */
  readonly keyArns: readonly string[];
  /** Whether QuickSight has network interfaces through one of our roles. */
  readonly quicksight: boolean;
}

/**
 * The upper limit of what any role of the stacks can do, whatever its own policy says. It grants nothing. If a module
 * needs an action that is missing here, the infra tests fail, not the deployment.
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

  #limits({
    prefix,
    tags,
    secretArns,
    managesDatabase,
    readBuckets,
    keyArns,
    quicksight,
  }: BoundaryProps): readonly Statement[] {
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
      // Artifacts are written by deployments only.
      {
        effect: "Deny",
        actions: actions("s3", "PutObject"),
        resources: [`${bucket(`${prefix}-artifacts-*`)}/*`],
      },
      {
        actions: actions("kms", "Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey*", "ReEncrypt*"),
        resources: [account.arn("kms", "key/*")],
        conditions: tagged("ResourceTag", tags),
      },
      ...(keyArns.length > 0 ? [{ actions: actions("kms", "Decrypt"), resources: [...new Set(keyArns)] }] : []),
      // Whatever a key's own policy says.
      {
        effect: "Deny",
        actions: ["kms:*"],
        resources: [account.arn("kms", "key/*")],
        conditions: { StringEquals: { "aws:ResourceTag/Stack": "state-backend" } },
      },
      ...(secretArns.length > 0 ? [{ actions: readSecret, resources: [...new Set(secretArns)] }] : []),
      ...(managesDatabase ? [this.#managedSecrets(prefix)] : []),
      { actions: actions("lambda", "InvokeFunction"), resources: named("lambda", "function:") },
      { actions: actions("states", "StartExecution", "ListExecutions"), resources: named("states", "stateMachine:") },
      {
        actions: actions("states", "DescribeExecution", "StopExecution"),
        resources: named("states", "execution:"),
      },
      { actions: actions("sns", "Publish"), resources: named("sns") },
      {
        actions: actions("sqs", "SendMessage", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"),
        resources: named("sqs"),
      },
      {
        actions: actions("dynamodb", "GetItem", "Query", "Scan", "PutItem", "DeleteItem"),
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
        // Enhanced monitoring writes to a group whose name RDS chooses.
        resources: [...logGroups(account, prefix), account.arn("logs", "log-group:RDS*")],
      },
      { actions: actions("logs", "FilterLogEvents"), resources: logGroups(account, prefix) },
      {
        actions: [
          ...withoutResources,
          ...(quicksight ? actions("ec2", "DescribeSecurityGroups", "ModifyNetworkInterfaceAttribute") : []),
        ],
        resources: ["*"],
      },
    ];
  }

  #managedSecrets(prefix: string): Statement {
    const account = Account.of(this);
    return {
      actions: readSecret,
      resources: [account.arn("secretsmanager", "secret:rds!db-*")],
      conditions: { StringLike: { [RDS_SECRET_OF]: account.arn("rds", `db:${prefix}-*`) } },
    };
  }
}

const readSecret = actions("secretsmanager", "GetSecretValue");
const reads = ["ListBucket", "GetObject", "GetObjectVersion"];

/** Log delivery and traces support no resources; only EC2 knows the names of functions' network interfaces. */
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
  ),
];
