/** The services that the stacks' resources call, by the provider's names of their endpoints. */
const services = [
  "budgets",
  "cloudfront",
  "cloudtrail",
  "cloudwatch",
  "cloudwatchlogs",
  "configservice",
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
  "securityhub",
  "sfn",
  "sns",
  "sqs",
  "sts",
] as const;

export interface EmulatedProviderOptions {
  /** Whether a resource's id is the account's number, as Security Hub's is. @default false */
  readonly namesAccount?: boolean;
  /** Whether `AWS_ENDPOINT_URL` directs Terraform there, too. @default false */
  readonly inEnvironment?: boolean;
}

/**
 * Settings that direct all services of the AWS provider to one endpoint, without an account lookup. Where the environment
 * does, too, endpoints are left out: the provider takes a second of processor time for each check of their block.
 */
export function emulatedProvider(
  endpoint: string | undefined,
  { namesAccount = false, inEnvironment = false }: EmulatedProviderOptions = {},
) {
  if (endpoint === undefined) return {};
  return {
    endpoints: inEnvironment ? undefined : [Object.fromEntries(services.map((service) => [service, endpoint]))],
    skipCredentialsValidation: true,
    skipRequestingAccountId: !namesAccount,
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
