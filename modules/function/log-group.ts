import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { Construct } from "constructs";
import type { Key } from "../storage/key";
import type { Grantee } from "./policy";

export interface LogGroupProps {
  /** The whole name, for example `/aws/lambda/millrace-dev-covid-load`. */
  readonly name: string;
  /** Must admit the service `logs`. */
  readonly key: Key;
  readonly retentionDays: number;
}

/** An encrypted log group with a retention. Costs 0.50 USD per GB ingested, 0.03 USD per GB and month stored. */
export class LogGroup extends Construct {
  readonly arn: string;
  readonly name: string;
  /** A service must depend on this; otherwise it creates the group itself, without retention and key. */
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

  /** Allows writing events to streams of this group, but not creating the group, which Terraform does. */
  grantWrite(grantee: Grantee): void {
    grantee.allow({ actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [`${this.arn}:*`] });
  }
}
