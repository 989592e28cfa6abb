import { MillraceError } from "../etl/core/errors";

const SIGN_IN = "Sign in (aws sso login), or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
const FIXES: readonly (readonly [name: RegExp, headline: string, fix: string])[] = [
  [/^Region (is missing|not accepted)/, "No usable AWS region is set", "Set AWS_REGION, or the region of the profile"],
  [/^CredentialsProviderError$/, "There are no AWS credentials", SIGN_IN],
  [/^(ExpiredToken|TokenRefreshRequired)/, "The AWS credentials have expired", SIGN_IN],
  [
    /^(UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch)/,
    "AWS does not know the credentials",
    SIGN_IN,
  ],
  [/^NoSuchBucket$/, "There is no such bucket", "Correct its name"],
  [/^PermanentRedirect$/, "The bucket is in another region", "Set AWS_REGION to that one"],
  [/^AccessDenied/, "The AWS credentials do not allow this", "Ask for a role that may, or take another profile"],
  [
    /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|TimeoutError)/,
    "AWS cannot be reached",
    "Look at the network, and at AWS_ENDPOINT_URL if it is set",
  ],
];

/** An error of the AWS SDK in words that a person can act on; any other as it is. */
export function explainAwsError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof MillraceError) return error;
  const code = "code" in error ? String(error.code) : "";
  const found = FIXES.find(([name]) => [error.name, code, error.message].some((text) => name.test(text)));
  if (found === undefined) return error;
  const [, headline, fix] = found;
  return new MillraceError(headline, { got: error.message || code, fix, cause: error });
}
