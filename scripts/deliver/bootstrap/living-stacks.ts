import { GetObjectCommand, NoSuchBucket, paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { counted } from "../../../etl/core/counted";
import { MillraceError } from "../../../etl/core/errors";
import { stateHeadSchema } from "../terraform/state-head";

/**
 * @throws MillraceError when a state in the bucket, other than that of the stack named, still holds resources: they
 * would be lost track of.
 */
export async function refuseLivingStacks(s3: S3Client, bucket: string, except: string): Promise<void> {
  for (const key of await listKeys(s3, bucket)) {
    if (!key.endsWith(".tfstate") || key.endsWith(`/${except}.tfstate`)) continue;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const { resources } = stateHeadSchema.parse(JSON.parse((await Body?.transformToString()) ?? "{}"));
    if (resources.length === 0) continue;
    throw new MillraceError(`The state ${key} in ${bucket} still holds resources`, {
      got: counted(resources.length, "resource"),
      expected: "none",
      fix: "Destroy that stack first: npm run destroy",
    });
  }
}

/** @throws MillraceError while the bucket keeps an export of a rehearsed destruction, which would be deleted with it */
export async function refuseKeptExports(s3: S3Client, bucket: string, prefix: string): Promise<void> {
  const kept = (await listKeys(s3, bucket)).filter((key) => key.startsWith(prefix));
  if (kept.length === 0) return;
  const place = `s3://${bucket}/${prefix}`;
  throw new MillraceError("Nothing was destroyed: exports of the environment's data would be deleted, too", {
    got: `${counted(kept.length, "file")} below ${place}`,
    expected: "none",
    fix: `Copy what must be kept (aws s3 sync ${place} FOLDER), delete them (aws s3 rm --recursive ${place}), then run the same command again`,
  });
}

/** None if an interrupted run has already removed the bucket. */
async function listKeys(s3: S3Client, bucket: string): Promise<readonly string[]> {
  const keys: string[] = [];
  try {
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket })) {
      keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
    }
  } catch (error) {
    if (!(error instanceof NoSuchBucket)) throw error;
  }
  return keys;
}
