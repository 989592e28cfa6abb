import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Construct } from "constructs";
import type { Key } from "../storage/key";
import type { Grantee } from "./policy";

export interface LogGroupProps {
  /** The whole name, for example `/aws/lambda/millrace-dev-covid-load`. */
  readonly name: string;
  /** Must let the service `logs` use it. */
  readonly key: Key;
  readonly retentionDays: number;
}

/** A log group that is encrypted and forgets. Costs 0.50 USD a GB taken in, 0.03 USD a GB and month kept. */
export class LogGroup extends Construct {
  readonly arn: string;
  readonly name: string;
  /** What a service depends on that would otherwise make the group itself, without retention and key. */
  readonly resource: CloudwatchLogGroup;

  constructor(scope: Construct, id: string, { name, key, retentionDays }: LogGroupProps) {
    super(scope, id);
    this.resource = new CloudwatchLogGroup(this, "group", {
      name,
      kmsKeyId: key.arn,
      retentionInDays: retentionDays,
    });
    this.arn = this.resource.arn;
    this.name = this.resource.name;
  }

  /** Write events into streams of this group; not the making of the group, which is Terraform's. */
  grantWrite(grantee: Grantee): void {
    grantee.allow({ actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [`${this.arn}:*`] });
  }
}
