import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { Construct } from "constructs";
import type { Grantee } from "../function/policy";
import type { Key } from "./key";

export interface LockTableProps {
  readonly name: string;
  readonly key: Key;
  /** Whether AWS refuses to delete it, and Terraform to destroy it. @default true */
  readonly protect?: boolean;
}

/**
 * Terraform's locks and state digests, as its S3 backend needs them: one item per state, `LockID` its key. Costs next
 * to nothing.
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

  /** Allows reading the digests of the given states. A lock's id is `bucket/key`, its digest's `bucket/key-md5`. */
  grantReadDigests(grantee: Grantee, lockIds: readonly string[]): void {
    this.#grant(grantee, ["dynamodb:GetItem"], lockIds.map(digestOf));
  }

  /** Allows reading and writing them, and taking and releasing the locks of those states. */
  grantWrite(grantee: Grantee, lockIds: readonly string[]): void {
    grantee.allow({ actions: ["dynamodb:DescribeTable"], resources: [this.arn] });
    this.#grant(
      grantee,
      ["GetItem", "PutItem", "DeleteItem"].map((action) => `dynamodb:${action}`),
      [...lockIds, ...lockIds.map(digestOf)],
    );
  }

  #grant(grantee: Grantee, actions: readonly string[], items: readonly string[]): void {
    grantee.allow({
      actions,
      resources: [this.arn],
      conditions: { "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": items } },
    });
  }
}

function digestOf(lockId: string): string {
  return `${lockId}-md5`;
}
