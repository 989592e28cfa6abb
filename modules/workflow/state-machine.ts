import { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { Construct } from "constructs";
import { Account } from "../account";
import { LogGroup } from "../function/log-group";
import type { Grantee, Statement } from "../function/policy";
import { ServiceRole } from "../function/service-role";
import type { Key } from "../storage/key";
import type { StateMachineDefinition } from "./states";

export interface StateMachineProps {
  readonly name: string;
  readonly description: string;
  readonly definition: StateMachineDefinition;
  /** Encrypts the log. */
  readonly key: Key;
  readonly logRetentionDays: number;
}

/**
 * A standard Step Functions state machine with its own role, every event of every execution in its log, and tracing.
 * Costs 0.025 USD per thousand transitions: a daily run of ten costs nothing (4,000 a month are free).
 */
export class StateMachine extends Construct implements Grantee {
  readonly arn: string;
  readonly name: string;
  readonly #role: ServiceRole;

  constructor(scope: Construct, id: string, props: StateMachineProps) {
    super(scope, id);
    const { name, description, definition, key, logRetentionDays } = props;
    this.#role = new ServiceRole(this, "role", {
      name,
      description,
      service: "states.amazonaws.com",
      namesAccount: true,
    });
    this.#role.allow(deliverLogs);
    this.#role.allow(sendTraces);
    const logs = new LogGroup(this, "logs", {
      // With this prefix, log delivery needs no own statement in the account's one resource policy, whose size is
      // limited ("Logging using CloudWatch Logs" in the Step Functions developer guide).
      name: `/aws/vendedlogs/states/${name}`,
      key,
      retentionDays: logRetentionDays,
    });
    const machine = new SfnStateMachine(this, "machine", {
      name,
      roleArn: this.#role.arn,
      definition: JSON.stringify(definition),
      loggingConfiguration: { level: "ALL", includeExecutionData: true, logDestination: `${logs.arn}:*` },
      tracingConfiguration: { enabled: true },
      dependsOn: [this.#role.policy],
    });
    this.arn = machine.arn;
    this.name = name;
  }

  allow(statement: Statement): void {
    this.#role.allow(statement);
  }

  /**
   * Allows executions to start, describe and stop others of the same machine, as a Distributed Map does ("IAM policies
   * for using Distributed Map", Step Functions developer guide).
   */
  allowChildren(): void {
    const account = Account.of(this);
    // The machine's own attribute would be a circular reference: it depends on this policy.
    this.allow({ actions: ["states:StartExecution"], resources: [account.arn("states", `stateMachine:${this.name}`)] });
    this.allow({
      actions: ["states:DescribeExecution", "states:StopExecution"],
      resources: [account.arn("states", `execution:${this.name}:*`)],
    });
  }

  grantStart(grantee: Grantee): void {
    grantee.allow({ actions: ["states:StartExecution"], resources: [this.arn] });
  }
}

/** The actions of log delivery support no resources ("Logging using CloudWatch Logs", Step Functions guide). */
const deliverLogs: Statement = {
  sid: "DeliverLogs",
  actions: [
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
  ],
  resources: ["*"],
};

/** X-Ray's actions for traces support no resources. */
const sendTraces: Statement = {
  sid: "SendTraces",
  actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets"],
  resources: ["*"],
};
