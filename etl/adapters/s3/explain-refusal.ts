import { SourceError } from "../../core/errors";
import { explainGone } from "./body";

const REFUSALS: readonly (readonly [name: RegExp, headline: string, fix: string])[] = [
  [/^NoSuchBucket$/, "There is no such bucket", "Correct its name"],
  [/^PermanentRedirect$/, "The bucket is in another region", "Use the region that it is in"],
  [
    /^InvalidObjectState$/,
    "The object is archived, and cannot be read as it is",
    "Restore it (s3:RestoreObject), or leave it out; the next run reads it once it is there",
  ],
  [/^KMS\./, "The key that the object is encrypted with is not to be used", "Enable the key, and grant kms:Decrypt"],
  [
    /^(AccessDenied|Forbidden|AllAccessDisabled)$/,
    "There is no right to this",
    "Grant s3:ListBucket on the bucket, s3:GetObject on its objects and, where they have a key, kms:Decrypt",
  ],
];

/** What S3 refused for as long as nobody changes something there, as a SourceError with the address; any other error as it is. */
export function explainRefusal(cause: Error, source: string): Error {
  const found = REFUSALS.find(([name]) => name.test(cause.name));
  if (found === undefined) return explainGone(cause, source);
  const [, headline, fix] = found;
  return new SourceError(headline, { got: `${cause.name}: ${cause.message}`, where: { source }, fix, cause });
}
