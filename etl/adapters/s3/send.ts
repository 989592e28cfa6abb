import { createReadStream } from "node:fs";
import { PutObjectCommand, type PutObjectCommandInput, type S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { ExponentialBackoff, handleWhen, retry } from "cockatiel";
import { ANSWER_MS } from "../aws/patience";
import type { SpooledFile } from "./spool";

/**
 * The SDK does not send a stream twice; ours comes from a file, so it can be sent again. A refusal of S3 (4xx) is not
 * retried.
 */
const resend = retry(
  handleWhen((error) => !(error instanceof S3ServiceException && error.$fault === "client")),
  { maxAttempts: 3, backoff: new ExponentialBackoff() },
);

/** Bytes per millisecond in a body's time limit, without the answer: 1 MB/s is slower than any function. */
const SLOWEST = 1_000;

/** Puts a spooled body, its checksum verified by S3. */
export async function sendSpooled(
  client: S3Client,
  object: Pick<PutObjectCommandInput, "Bucket" | "Key" | "ContentType">,
  { path, bytes, sha256 }: SpooledFile,
  answerMs = ANSWER_MS,
): Promise<void> {
  const checksum = Buffer.from(sha256, "hex").toString("base64");
  await resend.execute(() =>
    client.send(
      new PutObjectCommand({ ...object, Body: createReadStream(path), ContentLength: bytes, ChecksumSHA256: checksum }),
      { requestTimeout: answerMs + bytes / SLOWEST },
    ),
  );
}
