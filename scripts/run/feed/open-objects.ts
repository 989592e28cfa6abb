import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { AWS_PATIENCE } from "../../../etl/adapters/aws/patience";
import { ObjectDirectory } from "../../../etl/adapters/files/object-directory";
import { RangedDirectory } from "../../../etl/adapters/files/ranged-directory";
import { UsageError } from "../../../etl/core/errors";
import type { ObjectStore, RangedObjects } from "../../../etl/core/objects/objects";
import { parseS3Address, refuseAddress } from "../../command-line/user-path";

/** The folder of a contract's samples, made up. */
export function samplesOf(contract: string): string {
  return join(__dirname, "../../../samples/feeds", contract);
}

const FIX = "Write it as --from s3://bucket/prefix, or download the files into a folder and name that";

/** A command's source: `s3://bucket/prefix` or a folder, or only files. */
export interface ObjectSource {
  readonly from?: string;
  readonly files?: readonly string[];
}

/**
 * Opens `s3://bucket/prefix`, with the credentials and the region of the shell, a folder, or files.
 *
 * @throws UsageError if it is another address, or a file in place of a folder
 */
export async function openObjects({ from = ".", files }: ObjectSource): Promise<RangedObjects> {
  if (files !== undefined) return openFiles(files);
  const address = parseS3Address(from);
  if (address === undefined) {
    await refuseOther(from);
    return RangedDirectory.open(from);
  }
  // The SDK takes long to load, and most commands never call S3.
  const [{ S3Client }, { S3RangedObjects }] = await Promise.all([
    import("@aws-sdk/client-s3"),
    import("../../../etl/adapters/s3/ranged-objects"),
  ]);
  return new S3RangedObjects(new S3Client(AWS_PATIENCE), address.bucket, address.prefix);
}

/** Where verdicts lie beside the objects: the bucket, or the files' folders. */
export async function openVerdicts({ from = "." }: ObjectSource): Promise<Pick<ObjectStore, "put" | "locate">> {
  const address = parseS3Address(from);
  if (address === undefined) return new ObjectDirectory("/", "/");
  const [{ S3Client }, { S3ObjectStore }] = await Promise.all([
    import("@aws-sdk/client-s3"),
    import("../../../etl/adapters/s3/object-store"),
  ]);
  return new S3ObjectStore(new S3Client(AWS_PATIENCE), address.bucket);
}

/** @throws UsageError for a hidden file's name: it would be left out silently */
async function openFiles(files: readonly string[]): Promise<RangedObjects> {
  for (const file of files) {
    refuseAddress(file, "a file", FIX);
    if (!/^[._]/.test(basename(file))) continue;
    throw new UsageError("Files whose names begin with . or _ are not data", { got: file, fix: "Rename it" });
  }
  return RangedDirectory.ofFiles(files);
}

async function refuseOther(from: string): Promise<void> {
  const expected = "a folder, or s3://bucket/prefix";
  refuseAddress(from, expected, FIX);
  const facts = await stat(from).catch(() => undefined);
  if (facts?.isFile() !== true) return;
  throw new UsageError("--from is a file", {
    got: from,
    expected,
    fix: "Name the folder that it is in, or the file without --from",
  });
}
