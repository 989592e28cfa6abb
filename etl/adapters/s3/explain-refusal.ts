import { SourceError } from "../../core/errors";
import { explainGone } from "./body";

const REFUSALS: readonly (readonly [name: RegExp, headline: string, fix: string])[] = [
  [/^NoSuchBucket$/, "There is no such bucket", "Correct its name"],
  [/^PermanentRedirect$/, "The bucket is in another region", "Use the region that it is in"],
  [
    /^InvalidObjectState$/,
    "The object is archived, and cannot be read",
    "Restore it (s3:RestoreObject), or exclude it; the next run reads it once it is restored",
  ],
  [/^KMS\./, "The object's encryption key cannot be used", "Enable the key, and grant kms:Decrypt"],
  [
    /^(AccessDenied|Forbidden|AllAccessDisabled)$/,
    "The permission is missing",
    "Grant s3:ListBucket on the bucket, s3:GetObject on its objects and, where they have a key, kms:Decrypt",
  ],
];

/** A lasting refusal of S3 as a SourceError with the address; any other error unchanged. */
export function explainRefusal(cause: Error, source: string): Error {
  const found = REFUSALS.find(([name]) => name.test(cause.name));
  if (found === undefined) return explainGone(cause, source);
  const [, headline, fix] = found;
  return new SourceError(headline, { got: `${cause.name}: ${cause.message}`, where: { source }, fix, cause });
}
