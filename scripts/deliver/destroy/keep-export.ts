import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { S3Client } from "@aws-sdk/client-s3";
import { sendSpooled } from "../../../etl/adapters/s3/send";
import { MillraceError } from "../../../etl/core/errors";
import type { Manifest } from "../../../etl/core/export/manifest";
import { MANIFEST } from "../../run/export/export-folder";
import { addressOf, type BucketPlace } from "./rehearsal-stop";

/** S3 takes no larger object in one piece. */
const LARGEST = 5 * 1024 ** 3;

/** Where an export is kept. */
export interface ExportPlace extends BucketPlace {
  readonly s3: S3Client;
}

/**
 * Puts the files of an export from a folder into a bucket, which verifies their checksums; `export.json` last, since it
 * says that there is an export. The folder is removed then.
 *
 * @returns its address
 */
export async function keepExport(
  folder: string,
  { tables, ledgers }: Pick<Manifest, "tables" | "ledgers">,
  { s3, bucket, prefix }: ExportPlace,
): Promise<string> {
  const files = [...tables, ...ledgers];
  const large = files.find(({ bytes }) => bytes > LARGEST);
  if (large !== undefined) {
    throw new MillraceError("A file of the export is too large for S3 in one piece", {
      got: `${large.bytes} bytes in ${join(folder, large.file)}`,
      expected: `at most ${LARGEST}`,
      fix: `Copy ${folder} to another place yourself (aws s3 cp --recursive): it is whole, and was restored`,
    });
  }
  for (const each of [...files, await measureFile(folder, MANIFEST)]) {
    const object = { Bucket: bucket, Key: `${prefix}${each.file}`, ContentType: "application/octet-stream" };
    await sendSpooled(s3, object, { path: join(folder, each.file), bytes: each.bytes, sha256: each.sha256 });
  }
  await rm(folder, { recursive: true });
  return addressOf({ bucket, prefix });
}

async function measureFile(folder: string, file: string) {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(join(folder, file))) hash.update(piece);
  return { file, bytes: (await stat(join(folder, file))).size, sha256: hash.digest("hex") };
}
