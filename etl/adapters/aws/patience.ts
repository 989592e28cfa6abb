/** A service that takes a request answers within less than a second; the SDK tries three times. */
export const ANSWER_MS = 15_000;

/**
 * What every client of AWS is made with: the SDK's own limits are minutes, or for S3 none, and longer than most functions
 * have. A body has limits of its own: of one that is read, see `s3-body`; of one that is sent, `s3-send`.
 */
export const AWS_PATIENCE = {
  requestHandler: { connectionTimeout: 3_000, requestTimeout: ANSWER_MS, throwOnRequestTimeout: true },
} as const;
