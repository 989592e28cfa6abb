import { LambdaLayerVersion } from "@cdktf/provider-aws/lib/lambda-layer-version";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { Fn } from "cdktf";
import { Construct } from "constructs";
import type { Bucket } from "../storage/bucket";
import { ARCHITECTURE } from "./lambda-architecture";

export interface RuntimeLayerProps {
  readonly bucket: Bucket;
  readonly name: string;
  /** The zip's key in the bucket, without the hash and ending that follow. */
  readonly key: string;
  /** The built zip, relative to Terraform's working directory. It must exist when Terraform plans. */
  readonly zip: string;
  /** The runtime of the functions that use it, for example `nodejs22.x`. */
  readonly runtime: string;
}

/** The packages that every handler shares, in `/opt/nodejs/node_modules`. */
export class RuntimeLayer extends Construct {
  readonly arn: string;
  readonly runtime: string;

  constructor(scope: Construct, id: string, { bucket, name, key, zip, runtime }: RuntimeLayerProps) {
    super(scope, id);
    this.runtime = runtime;
    // With the content in the key, a published version's object is never overwritten.
    const object = new S3Object(this, "object", {
      bucket: bucket.name,
      key: `${key}-${Fn.filesha256(zip)}.zip`,
      source: zip,
      dependsOn: [bucket.versioning],
      lifecycle: { createBeforeDestroy: true },
    });
    this.arn = new LambdaLayerVersion(this, "version", {
      layerName: name,
      description: "What every handler shares; no AWS SDK, which the runtime brings itself",
      s3Bucket: object.bucket,
      s3Key: object.key,
      sourceCodeHash: Fn.filebase64sha256(zip),
      compatibleRuntimes: [runtime],
      compatibleArchitectures: [ARCHITECTURE],
      lifecycle: { createBeforeDestroy: true },
    }).arn;
  }
}
