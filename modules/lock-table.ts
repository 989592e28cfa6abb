import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { Construct } from "constructs";
import type { Key } from "./key";
import type { Grantee } from "./policy";

export interface LockTableProps {
  readonly name: string;
  readonly key: Key;
  /** Whether AWS refuses to delete it, and Terraform to destroy it. @default true */
  readonly protect?: boolean;
}

/**
 * Terraform's locks and state digests, as its S3 backend wants them: one item a state, `LockID` its key. Costs
 * nothing to speak of.
 */
export class LockTable extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, { name, key, protect = true }: LockTableProps) {
    super(scope, id);
    const table = new DynamodbTable(this, "table", {
      name,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "LockID",
      attribute: [{ name: "LockID", type: "S" }],
      serverSideEncryption: { enabled: true, kmsKeyArn: key.arn },
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: protect,
      lifecycle: { preventDestroy: protect },
    });
    this.name = table.name;
    this.arn = table.arn;
  }

  /** Take and release the locks of the given states, and read their digests. A lock's id is `bucket/key`. */
  grantLock(grantee: Grantee, lockIds: readonly string[]): void {
    grantee.allow({ actions: ["dynamodb:DescribeTable", "dynamodb:GetItem"], resources: [this.arn] });
    this.#grantWrite(grantee, lockIds);
  }

  /** Write the digests of the given states, which Terraform keeps under `bucket/key-md5`. */
  grantWriteDigests(grantee: Grantee, lockIds: readonly string[]): void {
    this.#grantWrite(
      grantee,
      lockIds.map((lockId) => `${lockId}-md5`),
    );
  }

  #grantWrite(grantee: Grantee, items: readonly string[]): void {
    grantee.allow({
      actions: ["dynamodb:PutItem", "dynamodb:DeleteItem"],
      resources: [this.arn],
      conditions: { "ForAllValues:StringLike": { "dynamodb:LeadingKeys": items } },
    });
  }
}
