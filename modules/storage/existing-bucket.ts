import { Construct } from "constructs";
import { Account } from "../account";
import type { Grantee } from "../function/policy";

export interface ExistingBucketProps {
  readonly name: string;
  /** The customer managed key of its objects. @default none, or an AWS managed key, which needs no permission */
  readonly keyArn?: string;
}

/** A bucket with another owner, to be read. If it is in another account, its policy must admit this one. */
export class ExistingBucket extends Construct {
  readonly name: string;
  readonly arn: string;
  readonly #keyArn: string | undefined;

  constructor(scope: Construct, id: string, { name, keyArn }: ExistingBucketProps) {
    super(scope, id);
    this.name = name;
    this.arn = `arn:${Account.of(this).partition}:s3:::${name}`;
    this.#keyArn = keyArn;
  }

  /** Allows reading objects under a prefix. @default prefix: all */
  grantRead(grantee: Grantee, prefix = ""): void {
    grantee.allow({ actions: ["s3:GetObject"], resources: [`${this.arn}/${prefix}*`] });
    if (this.#keyArn !== undefined) grantee.allow({ actions: ["kms:Decrypt"], resources: [this.#keyArn] });
  }

  /** Allows listing keys. */
  grantList(grantee: Grantee): void {
    grantee.allow({ actions: ["s3:ListBucket"], resources: [this.arn] });
  }
}
