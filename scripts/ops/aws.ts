import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { S3Client } from "@aws-sdk/client-s3";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { Config } from "../../config/schema";
import { MillraceError } from "../../etl/core/errors";

/** What the commands speak to, with the credentials and the endpoint that the AWS SDK finds by itself. */
export interface Aws {
  readonly region: string;
  readonly s3: S3Client;
  readonly sfn: SFNClient;
  readonly sqs: SQSClient;
  readonly logs: CloudWatchLogsClient;
}

export function connectAws({ aws: { region, endpoint } }: Config): Aws {
  const settings = { region, endpoint };
  return {
    region,
    s3: new S3Client({ ...settings, forcePathStyle: (endpoint ?? process.env.AWS_ENDPOINT_URL) !== undefined }),
    sfn: new SFNClient(settings),
    sqs: new SQSClient(settings),
    logs: new CloudWatchLogsClient(settings),
  };
}

const SIGN_IN = "Sign in (aws sso login), or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
const FIXES: readonly (readonly [name: RegExp, headline: string, fix: string])[] = [
  [/^CredentialsProviderError$/, "There are no AWS credentials", SIGN_IN],
  [/^(ExpiredToken|TokenRefreshRequired)/, "The AWS credentials have expired", SIGN_IN],
  [
    /^(UnrecognizedClient|InvalidClientTokenId|InvalidSignature|SignatureDoesNotMatch)/,
    "AWS does not know the credentials",
    SIGN_IN,
  ],
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
  const found = FIXES.find(([name]) => name.test(error.name) || name.test(code));
  if (found === undefined) return error;
  const [, headline, fix] = found;
  return new MillraceError(headline, { got: error.message || code, fix, cause: error });
}

/** Whether a service says that there is no such resource. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && /^(ResourceNotFound|QueueDoesNotExist|.*NonExistentQueue)/.test(error.name);
}
