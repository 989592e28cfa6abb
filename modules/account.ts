import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { Fn, TerraformLocal, TerraformStack } from "cdktf";
import { Construct } from "constructs";

const ID = "account";
const CONSOLE = "console";
/** Partition → host of its console ("Getting started in AWS China", "AWS GovCloud (US) endpoints"). */
const CONSOLES = {
  aws: "console.aws.amazon.com",
  "aws-cn": "console.amazonaws.cn",
  "aws-us-gov": "console.amazonaws-us-gov.com",
} as const;

/**
 * The account, region and partition that a stack is deployed to, looked up once per stack. Known only when Terraform
 * plans: tokens in TypeScript.
 */
export class Account extends Construct {
  /** The account's 12 digits. */
  readonly id: string;
  readonly region: string;
  /** `aws`, or the name of another partition. */
  readonly partition: string;

  /** The account of the stack that `scope` is in. */
  static of(scope: Construct): Account {
    const stack = TerraformStack.of(scope);
    const there = stack.node.tryFindChild(ID);
    return there instanceof Account ? there : new Account(stack, ID);
  }

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    this.id = new DataAwsCallerIdentity(this, "identity").accountId;
    this.region = new DataAwsRegion(this, "region").name;
    this.partition = new DataAwsPartition(this, "partition").partition;
  }

  /** The console's host in this region and partition, which only Terraform knows. */
  get consoleHost(): string {
    const there = this.node.tryFindChild(CONSOLE);
    const local =
      there instanceof TerraformLocal
        ? there
        : new TerraformLocal(this, CONSOLE, Fn.lookup(CONSOLES, this.partition, CONSOLES.aws));
    return `${this.region}.${local.asString}`;
  }

  /** An ARN in this account and region, for example `arn("sqs", "feeds")`. */
  arn(service: string, resource: string): string {
    return `arn:${this.partition}:${service}:${this.region}:${this.id}:${resource}`;
  }

  /** An ARN of a service without regions, for example `globalArn("iam", "role/feeds")`. */
  globalArn(service: string, resource: string): string {
    return `arn:${this.partition}:${service}::${this.id}:${resource}`;
  }

  /** The resource that a Step Functions task calls, for example `integration("lambda:invoke")`. */
  integration(call: string): string {
    return `arn:${this.partition}:states:::${call}`;
  }
}
