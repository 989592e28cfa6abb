/** The services that the stacks' resources call, as the provider names their endpoints. */
const services = [
  "budgets",
  "cloudfront",
  "cloudwatch",
  "cloudwatchlogs",
  "dynamodb",
  "ec2",
  "eventbridge",
  "iam",
  "kms",
  "lambda",
  "rds",
  "s3",
  "scheduler",
  "secretsmanager",
  "sfn",
  "sns",
  "sqs",
  "sts",
] as const;

/** Settings that lead the AWS provider to one endpoint for every service, where there is no account to ask for. */
export function emulatedProvider(endpoint: string | undefined) {
  if (endpoint === undefined) return {};
  return {
    endpoints: [Object.fromEntries(services.map((service) => [service, endpoint]))],
    skipCredentialsValidation: true,
    skipRequestingAccountId: true,
    s3UsePathStyle: true,
    maxRetries: 2,
  };
}

/** The same for Terraform's S3 backend. */
export function emulatedBackend(endpoint: string | undefined) {
  if (endpoint === undefined) return {};
  return {
    endpoints: { s3: endpoint, dynamodb: endpoint, iam: endpoint, sts: endpoint },
    skipCredentialsValidation: true,
    skipRequestingAccountId: true,
    usePathStyle: true,
    maxRetries: 2,
  };
}
