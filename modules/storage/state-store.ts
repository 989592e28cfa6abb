import { Construct } from "constructs";
import { Account } from "../account";
import type { Grantee } from "../function/policy";
import { AccessLogBucket } from "./access-log-bucket";
import { Bucket } from "./bucket";
import { Key } from "./key";
import { LockTable } from "./lock-table";

export interface StateStoreProps {
  /** Name of key and lock table, and first part of the buckets' names. */
  readonly name: string;
  /** Last part of the buckets' names, which makes them unique. */
  readonly suffix: string;
  /** Whether Terraform refuses to destroy it; false also lets it delete the remaining states. @default true */
  readonly protect?: boolean;
}

/** Days that replaced states are kept, to go back to them. */
const OLD_STATE_DAYS = 365;

/**
 * Terraform's S3 backend: a bucket for the states, a table for the locks, one key for both. Costs 1 USD a month
 * for the key.
 */
export class StateStore extends Construct {
  readonly bucket: Bucket;
  readonly accessLog: AccessLogBucket;
  readonly locks: LockTable;
  readonly key: Key;

  constructor(scope: Construct, id: string, props: StateStoreProps) {
    super(scope, id);
    const { name, suffix, protect = true } = props;
    this.key = new Key(this, "key", { name, description: `Terraform's state, ${name}.`, preventDestroy: protect });
    this.accessLog = new AccessLogBucket(this, "access-log", {
      emptyOnDestroy: !protect,
      name: `${name}-log-${suffix}`,
      retentionDays: OLD_STATE_DAYS,
    });
    this.bucket = new Bucket(this, "states", {
      emptyOnDestroy: !protect,
      name: `${name}-${suffix}`,
      key: this.key,
      accessLog: this.accessLog,
      lifecycle: { oldVersionDays: OLD_STATE_DAYS },
      preventDestroy: protect,
    });
    this.locks = new LockTable(this, "locks", { name, key: this.key, protect });
  }

  /**
   * Allows reading states and their digests without a lock ("S3 bucket permissions" and "DynamoDB table permissions" in
   * HashiCorp's documentation of the S3 backend).
   */
  grantRead(grantee: Grantee, keys: readonly string[]): void {
    this.#readObjects(grantee, keys);
    this.locks.grantReadDigests(grantee, this.#lockIds(keys));
    this.#allowKey(grantee, ["kms:Decrypt"]);
  }

  /** Allows reading and writing them, and holding their locks, in the table and beside the state. */
  grantWrite(grantee: Grantee, keys: readonly string[]): void {
    this.#readObjects(grantee, keys);
    const locks = keys.map((key) => `${key}.tflock`);
    grantee.allow({ actions: ["s3:GetObject", "s3:DeleteObject"], resources: this.#objects(locks) });
    grantee.allow({ actions: ["s3:PutObject"], resources: this.#objects([...keys, ...locks]) });
    this.locks.grantWrite(grantee, this.#lockIds(keys));
    this.#allowKey(grantee, ["kms:Decrypt", "kms:GenerateDataKey"]);
    this.#keepKey(grantee);
  }

  /** Allows adding objects below a prefix beside the states, to a grantee that may write states. */
  grantKeep(grantee: Grantee, prefix: string): void {
    grantee.allow({ actions: ["s3:PutObject"], resources: this.#objects([`${prefix}*`]) });
  }

  #readObjects(grantee: Grantee, keys: readonly string[]): void {
    this.bucket.grantList(grantee);
    grantee.allow({ actions: ["s3:GetObject"], resources: this.#objects(keys) });
  }

  /** Only the bootstrap changes the key of the states, whatever else the grantee may do with keys. */
  #keepKey(grantee: Grantee): void {
    grantee.allow({
      effect: "Deny",
      actions: [
        ...["CreateGrant", "DisableKey", "DisableKeyRotation", "PutKeyPolicy", "ScheduleKeyDeletion"],
        ...["TagResource", "UntagResource", "UpdateAlias", "DeleteAlias", "UpdateKeyDescription"],
      ].map((action) => `kms:${action}`),
      resources: [this.key.arn],
    });
  }

  #allowKey(grantee: Grantee, actions: readonly string[]): void {
    const services = ["dynamodb", "s3"].map((service) => `${service}.${Account.of(this).region}.amazonaws.com`);
    grantee.allow({
      actions,
      resources: [this.key.arn],
      conditions: { StringEquals: { "kms:ViaService": services } },
    });
  }

  #objects(keys: readonly string[]): readonly string[] {
    return keys.map((key) => `${this.bucket.arn}/${key}`);
  }

  #lockIds(keys: readonly string[]): readonly string[] {
    return keys.map((key) => `${this.bucket.name}/${key}`);
  }
}
