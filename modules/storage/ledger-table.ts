import { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table";
import { Construct } from "constructs";
import type { Grantee } from "../function/policy";
import type { Key } from "./key";

export interface LedgerTableProps {
  readonly name: string;
  readonly key: Key;
  /** Whether AWS refuses to delete it. @default true */
  readonly protect?: boolean;
  /** Whether items are deleted after the time in their `expires`, in seconds since 1970. @default false */
  readonly expires?: boolean;
}

/**
 * The record of batches of files: several items per batch, found by `batch` and `name`, both text. By default nothing
 * in it expires, since a correction may come any day; any second of the last 35 days can be restored. Costs 1.25 USD
 * per million writes, 0.25 USD per million reads, 0.25 USD per GB and month.
 */
export class LedgerTable extends Construct {
  readonly arn: string;
  readonly name: string;
  readonly #key: Key;

  constructor(scope: Construct, id: string, { name, key, protect = true, expires = false }: LedgerTableProps) {
    super(scope, id);
    const table = new DynamodbTable(this, "table", {
      name,
      billingMode: "PAY_PER_REQUEST",
      hashKey: "batch",
      rangeKey: "name",
      attribute: [
        { name: "batch", type: "S" },
        { name: "name", type: "S" },
      ],
      serverSideEncryption: { enabled: true, kmsKeyArn: key.arn },
      pointInTimeRecovery: { enabled: true },
      deletionProtectionEnabled: protect,
      // Also if nothing expires: if the block is absent, the provider leaves the setting on. For a table that never had
      // it, the block is no change (terraform-provider-aws 5.100.0, internal/service/dynamodb/table.go).
      ttl: { attributeName: "expires", enabled: expires },
    });
    this.arn = table.arn;
    this.name = table.name;
    this.#key = key;
  }

  /** Allows reading everything, to summarise it. */
  grantScan(grantee: Grantee): void {
    grantee.allow({ actions: ["dynamodb:Scan"], resources: [this.arn] });
    this.#key.grantTableUse(grantee);
  }

  /** Allows reading, writing and removing items of named batches; never a scan of all. */
  grantReadWrite(grantee: Grantee): void {
    grantee.allow({
      actions: ["dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:DeleteItem"],
      resources: [this.arn],
    });
    this.#key.grantTableUse(grantee);
  }
}
