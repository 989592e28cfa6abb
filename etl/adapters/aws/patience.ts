/** A service that accepts a request answers in less than a second; the SDK tries three times. */
export const ANSWER_MS = 15_000;

/**
 * Time-outs of all AWS clients: the SDK's own are minutes, or for S3 none, longer than most functions may run. Bodies
 * have their own limits: see `s3/body` for reading, `s3/send` for sending.
 */
export const AWS_PATIENCE = {
  requestHandler: { connectionTimeout: 3_000, requestTimeout: ANSWER_MS, throwOnRequestTimeout: true },
} as const;
