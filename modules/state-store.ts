import { Construct } from "constructs";
import { AccessLogBucket } from "./access-log-bucket";
import { Bucket } from "./bucket";
import { Key } from "./key";
import { LockTable } from "./lock-table";
import type { Grantee } from "./policy";

export interface StateStoreProps {
  /** Of key and lock table, and the beginning of the buckets' names. */
  readonly name: string;
  /** The end of the buckets' names, which makes them unique. */
  readonly suffix: string;
  /** Whether Terraform refuses to destroy it; false also lets it delete the states that are left. @default true */
  readonly protect?: boolean;
}

/** Days that replaced states stay: as long as somebody may need to go back. */
const OLD_STATE_DAYS = 365;

/**
 * Terraform's S3 backend: a bucket for the states, a table for the locks, one key for both. Costs 1 USD a month
 * for the key.
 */
export class StateStore extends Construct {
  readonly bucket: Bucket;
  readonly locks: LockTable;
  readonly key: Key;

  constructor(scope: Construct, id: string, props: StateStoreProps) {
    super(scope, id);
    const { name, suffix, protect = true } = props;
    this.key = new Key(this, "key", { name, description: `Terraform's state, ${name}.`, preventDestroy: protect });
    const accessLog = new AccessLogBucket(this, "access-log", {
      emptyOnDestroy: !protect,
      name: `${name}-log-${suffix}`,
      retentionDays: OLD_STATE_DAYS,
    });
    this.bucket = new Bucket(this, "states", {
      emptyOnDestroy: !protect,
      name: `${name}-${suffix}`,
      key: this.key,
      accessLog,
      lifecycle: { oldVersionDays: OLD_STATE_DAYS },
      preventDestroy: protect,
    });
    this.locks = new LockTable(this, "locks", { name, key: this.key, protect });
  }

  /**
   * Read states and hold their locks, in the table and beside the state ("S3 bucket permissions" and "DynamoDB table
   * permissions" in HashiCorp's documentation of the S3 backend). `*` in a key is allowed.
   */
  grantRead(grantee: Grantee, keys: readonly string[]): void {
    this.bucket.grantList(grantee);
    grantee.allow({ actions: ["s3:GetObject"], resources: this.#objects(keys) });
    grantee.allow({
      actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      resources: this.#objects(keys.map((key) => `${key}.tflock`)),
    });
    this.locks.grantLock(grantee, this.#lockIds(keys));
    this.key.grantEncryptDecrypt(grantee);
  }

  /** Besides, write states and their digests. */
  grantWrite(grantee: Grantee, keys: readonly string[]): void {
    this.grantRead(grantee, keys);
    grantee.allow({ actions: ["s3:PutObject"], resources: this.#objects(keys) });
    this.locks.grantWriteDigests(grantee, this.#lockIds(keys));
  }

  #objects(keys: readonly string[]): readonly string[] {
    return keys.map((key) => `${this.bucket.arn}/${key}`);
  }

  #lockIds(keys: readonly string[]): readonly string[] {
    return keys.map((key) => `${this.bucket.name}/${key}`);
  }
}
