import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import { Construct } from "constructs";
import { Account } from "../account";
import type { Queue } from "../messaging/queue";
import type { Topic } from "../messaging/topic";
import type { SecurityGroup } from "../network/security-group";
import { Alarm } from "../observe/alarm";
import type { Key } from "../storage/key";
import type { CodePackage } from "./code-package";
import { ARCHITECTURE } from "./lambda-architecture";
import { LogGroup } from "./log-group";
import type { Grantee, Statement } from "./policy";
import type { RuntimeLayer } from "./runtime-layer";
import { ServiceRole } from "./service-role";

export interface NodeFunctionProps {
  readonly name: string;
  readonly description: string;
  /** Has `index.js`, which exports `handler`. */
  readonly code: CodePackage;
  /** Also determines the runtime. */
  readonly layer: RuntimeLayer;
  /** MiB; CPU grows with it (1,769 MiB is one vCPU). */
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** Concurrent calls, reserved from the account's quota; null reserves none. */
  readonly reservedConcurrency: number | null;
  /** Never put a secret here: it is visible to all who may read the function's configuration. */
  readonly environment: Readonly<Record<string, string>>;
  /** Encrypts environment and log. */
  readonly key: Key;
  readonly logRetentionDays: number;
  /** Receives the events of asynchronous calls that failed three times. */
  readonly deadLetters: Queue;
  /** Gets the alarms. */
  readonly topic: Topic;
  /**
   * Errors per hour that the caller handles itself, since it gets each of them; more raise an alarm. @default 0
   */
  readonly toleratedErrors?: number;
  /** What its failure means and what to do, as the alarm's text. @default a text for any function */
  readonly whenFailing?: string;
  /** Subnets and security group to run in. @default none: the function reaches the internet, and no VPC */
  readonly network?: { readonly subnetIds: readonly string[]; readonly securityGroup: SecurityGroup };
}

/**
 * A Node function with a role, a log group and alarms of its own. While idle, only its three alarms cost (0.30 USD a
 * month); 0.0000133 USD per GiB-second on arm64.
 */
export class NodeFunction extends Construct implements Grantee {
  readonly arn: string;
  readonly name: string;
  readonly timeoutSeconds: number;
  /** Concurrent calls; null: as many as the account has left. */
  readonly reservedConcurrency: number | null;
  readonly #role: ServiceRole;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    const { name, description, key, code, network } = props;
    this.#role = new ServiceRole(this, "role", { name, description, service: "lambda.amazonaws.com" });
    const logs = new LogGroup(this, "logs", {
      name: `/aws/lambda/${name}`,
      key,
      retentionDays: props.logRetentionDays,
    });
    logs.grantWrite(this.#role);
    key.grantDecrypt(this.#role);
    props.deadLetters.grantSend(this.#role);
    this.#role.allow(sendTraces);
    if (network !== undefined) {
      // The function's own attribute would be a circular reference: it depends on this policy.
      const arn = Account.of(this).arn("lambda", `function:${name}`);
      for (const statement of useNetwork(arn)) this.#role.allow(statement);
    }

    const fn = new LambdaFunction(this, "function", {
      functionName: name,
      description,
      role: this.#role.arn,
      runtime: props.layer.runtime,
      architectures: [ARCHITECTURE],
      handler: "index.handler",
      s3Bucket: code.bucketName,
      s3Key: code.key,
      s3ObjectVersion: code.objectVersion,
      sourceCodeHash: code.sourceCodeHash,
      layers: [props.layer.arn],
      memorySize: props.memoryMb,
      timeout: props.timeoutSeconds,
      reservedConcurrentExecutions: props.reservedConcurrency ?? -1,
      environment: { variables: { ...props.environment } },
      kmsKeyArn: key.arn,
      deadLetterConfig: { targetArn: props.deadLetters.arn },
      tracingConfig: { mode: "Active" },
      ...(network && {
        vpcConfig: { subnetIds: [...network.subnetIds], securityGroupIds: [network.securityGroup.id] },
      }),
      // Otherwise Lambda creates the log group itself, without retention or key; and it checks the permissions for
      // network interfaces when it creates the function.
      dependsOn: [logs.resource, this.#role.policy],
    });
    this.arn = fn.arn;
    this.name = name;
    this.timeoutSeconds = props.timeoutSeconds;
    this.reservedConcurrency = props.reservedConcurrency;
    this.#addAlarms(props);
  }

  allow(statement: Statement): void {
    this.#role.allow(statement);
  }

  grantInvoke(grantee: Grantee): void {
    grantee.allow({ actions: ["lambda:InvokeFunction"], resources: [this.arn] });
  }

  /** In the form that a schedule needs. */
  grantStart(grantee: Grantee): void {
    this.grantInvoke(grantee);
  }

  #addAlarms({ name, topic, timeoutSeconds, toleratedErrors = 0, whenFailing }: NodeFunctionProps): void {
    const lambda = { topic, namespace: "AWS/Lambda", dimensions: { FunctionName: name } };
    new Alarm(this, "errors", {
      ...lambda,
      name: `${name}-errors`,
      description:
        whenFailing ??
        `${name} failed more than ${toleratedErrors} times within an hour, more often than the attempts of one run. ` +
          `Read its log (/aws/lambda/${name}) for the error; stop the caller that repeats the call.`,
      metric: "Errors",
      statistic: "Sum",
      when: ">=",
      threshold: toleratedErrors + 1,
      periodSeconds: 3600,
    });
    new Alarm(this, "throttles", {
      ...lambda,
      name: `${name}-throttles`,
      description:
        `${name} was called while all its reserved concurrency was in use. See what calls it at the same time; wait for the ` +
        "runs to end, or raise its reserved concurrency in config.",
      metric: "Throttles",
      statistic: "Sum",
      when: ">=",
      threshold: 1,
    });
    new Alarm(this, "slow", {
      ...lambda,
      name: `${name}-slow`,
      description:
        `${name} took over 80 % of its time-out of ${timeoutSeconds} s; soon it will be ended. Compare the size of ` +
        "its input with earlier runs, then raise its memory (more CPU) or its time-out in config.",
      metric: "Duration",
      statistic: "Maximum",
      when: ">=",
      threshold: timeoutSeconds * 1000 * 0.8,
    });
  }
}

/** X-Ray's actions for traces support no resources. */
const sendTraces: Statement = {
  sid: "SendTraces",
  actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
  resources: ["*"],
};

/**
 * What Lambda needs to place a function in a VPC. Lambda checks these on any interface when it creates the function, so
 * they cannot be narrowed; instead, they are denied to the function's own code. Both follow "Giving Lambda functions
 * access to resources in an Amazon VPC".
 */
function useNetwork(functionArn: string): Statement[] {
  const actions = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
  ];
  return [
    { sid: "PlaceInNetwork", actions, resources: ["*"] },
    {
      sid: "NotFromCode",
      effect: "Deny",
      actions,
      resources: ["*"],
      conditions: { ArnEquals: { "lambda:SourceFunctionArn": functionArn } },
    },
  ];
}
