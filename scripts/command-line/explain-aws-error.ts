import { MillraceError } from "../../etl/core/errors";

const SIGN_IN = "Log in (aws sso login), or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
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
  // The last two are EC2's and SNS's own names.
  [
    /^(AccessDenied|UnauthorizedOperation|AuthorizationError)/,
    "The AWS credentials do not allow this",
    "Ask for a role with this permission, or use another profile",
  ],
  [
    /^(TooManyRequests|Throttl|RequestLimitExceeded|SlowDown|ProvisionedThroughputExceeded)/,
    "AWS takes no more requests at this moment",
    "Try again in a minute",
  ],
  // Of a deployed part; commands say more where they know its name.
  [
    /^(ResourceNotFound|NoSuchKey|NotFound$|NoSuchEntity|StateMachineDoesNotExist|QueueDoesNotExist|DBInstanceNotFound)/,
    "A part that this command needs does not exist in AWS",
    "Deploy etl (npm run deploy), which makes it again, or check ENVIRONMENT, the region and the credentials",
  ],
  [
    /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|TimeoutError)/,
    "AWS cannot be reached",
    "Check the network, and AWS_ENDPOINT_URL if it is set",
  ],
];

/** S3's answers to HEAD, which have only a status and no body. */
const OF_STATUS: Readonly<Record<number, string>> = { 301: "PermanentRedirect", 403: "AccessDenied" };

/** An error of the AWS SDK as one that the user can act on; any other unchanged. */
export function explainAwsError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof MillraceError) return error;
  const code = "code" in error ? String(error.code) : "";
  const { status, name: ofStatus } = wordless(error);
  const texts = [error.name, code, error.message, ofStatus];
  const found = FIXES.find(([name]) => texts.some((text) => name.test(text)));
  if (found === undefined) return error;
  const [, headline, fix] = found;
  const got = ofStatus === "" ? error.message || code : `HTTP ${status} without a reason`;
  return new MillraceError(headline, { got, fix, cause: error });
}

/** Whether the AWS SDK made it, so that a database's or a file's is not taken for one. */
export function isAwsError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    "$metadata" in error || error.name === "CredentialsProviderError" || /^Region (is missing|not)/.test(error.message)
  );
}

/** The status of an error without a name in the SDK; "" for any other. */
function wordless(error: Error): { readonly status: number; readonly name: string } {
  const { $metadata } = error as { readonly $metadata?: { readonly httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode ?? 0;
  const named = !/^(Unknown|UnknownError|\d{3})$/.test(error.name);
  return { status, name: named ? "" : (OF_STATUS[status] ?? "") };
}
