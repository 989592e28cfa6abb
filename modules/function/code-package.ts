import { DataArchiveFile } from "@cdktf/provider-archive/lib/data-archive-file";
import { S3Object } from "@cdktf/provider-aws/lib/s3-object";
import { Construct } from "constructs";
import type { Bucket } from "../storage/bucket";

export interface CodePackageProps {
  readonly bucket: Bucket;
  /** The zip's key in the bucket, for example `lambda/covid/fetch.zip`. */
  readonly key: string;
  /** The folder that is zipped, relative to Terraform's working directory. */
  readonly folder: string;
  /** Where the zip is written before it is uploaded, also relative. */
  readonly zip: string;
}

/**
 * A function's code: a folder of built files, zipped and stored. The same files give the same bytes on any machine,
 * because the file modes are fixed and the archive provider writes no times.
 *
 * Paths must be relative: an S3 object is uploaded again when its source's path changes, and an absolute path differs
 * between checkouts.
 */
export class CodePackage extends Construct {
  readonly bucketName: string;
  readonly key: string;
  /** The version of the object, which changes with the content. */
  readonly objectVersion: string;
  /** Base64 of the zip's sha256, as Lambda reports it for its code. */
  readonly sourceCodeHash: string;

  constructor(scope: Construct, id: string, { bucket, key, folder, zip }: CodePackageProps) {
    super(scope, id);
    const archive = new DataArchiveFile(this, "zip", {
      type: "zip",
      sourceDir: folder,
      outputPath: zip,
      outputFileMode: "0644",
    });
    const object = new S3Object(this, "object", {
      bucket: bucket.name,
      key,
      source: archive.outputPath,
      sourceHash: archive.outputBase64Sha256,
      dependsOn: [bucket.versioning],
    });
    this.bucketName = object.bucket;
    this.key = object.key;
    this.objectVersion = object.versionId;
    this.sourceCodeHash = archive.outputBase64Sha256;
  }
}
