import { FlowLog as AwsFlowLog } from "@cdktf/provider-aws/lib/flow-log";
import { Construct } from "constructs";
import { LogGroup } from "../function/log-group";
import { ServiceRole } from "../function/service-role";
import type { Key } from "../storage/key";

export interface FlowLogProps {
  readonly name: string;
  readonly vpcId: string;
  readonly key: Key;
  readonly retentionDays: number;
}

/** All connections in a VPC, accepted or not, in ten-minute intervals. Costs only its log group. */
export class FlowLog extends Construct {
  constructor(scope: Construct, id: string, { name, vpcId, key, retentionDays }: FlowLogProps) {
    super(scope, id);
    const logs = new LogGroup(this, "logs", { name: `/aws/vpc/${name}`, key, retentionDays });
    const role = new ServiceRole(this, "role", {
      name: `${name}-flow-log`,
      description: `Writes the flow log of ${name}.`,
      service: "vpc-flow-logs.amazonaws.com",
      namesAccount: true,
    });
    logs.grantWrite(role);
    role.allow({ actions: ["logs:DescribeLogStreams"], resources: [`${logs.arn}:*`] });
    // Supports no resources ("IAM role for publishing flow logs to CloudWatch Logs", VPC user guide).
    role.allow({ actions: ["logs:DescribeLogGroups"], resources: ["*"] });
    new AwsFlowLog(this, "flow-log", {
      vpcId,
      trafficType: "ALL",
      logDestination: logs.arn,
      iamRoleArn: role.arn,
      dependsOn: [role.policy],
      tags: { Name: name },
    });
  }
}
