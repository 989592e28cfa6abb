/** The regions that the table has prices of. */
export const PRICED_REGIONS = ["us-east-1", "eu-central-1"] as const;
export type PricedRegion = (typeof PRICED_REGIONS)[number];

/** When the prices were last seen. */
export const PRICES_SEEN = "November 2026";
/** Hours of a month, as AWS's calculator counts them. */
export const MONTH_HOURS = 730;

export interface Price {
  /** What one costs, in US dollars, before tax and free tier. us-east-1 stands in where a region has none of its own. */
  readonly usd: Readonly<Record<"us-east-1", number>> & Readonly<Partial<Record<PricedRegion, number>>>;
  /** What one is. */
  readonly unit: string;
  /** The page of AWS that is authoritative. */
  readonly source: string;
}

const RDS = "https://aws.amazon.com/rds/postgresql/pricing/";
const PRIVATELINK = "https://aws.amazon.com/privatelink/pricing/";
const VPC = "https://aws.amazon.com/vpc/pricing/";
const KMS = "https://aws.amazon.com/kms/pricing/";
const SECRETS = "https://aws.amazon.com/secrets-manager/pricing/";
const CLOUDWATCH = "https://aws.amazon.com/cloudwatch/pricing/";
const S3 = "https://aws.amazon.com/s3/pricing/";
const LAMBDA = "https://aws.amazon.com/lambda/pricing/";
const STATES = "https://aws.amazon.com/step-functions/pricing/";
const SQS = "https://aws.amazon.com/sqs/pricing/";
const SNS = "https://aws.amazon.com/sns/pricing/";
const DYNAMODB = "https://aws.amazon.com/dynamodb/pricing/on-demand/";
const EVENTBRIDGE = "https://aws.amazon.com/eventbridge/pricing/";
const CLOUDFRONT = "https://aws.amazon.com/cloudfront/pricing/";
const CLOUDTRAIL = "https://aws.amazon.com/cloudtrail/pricing/";
const CONFIG = "https://aws.amazon.com/config/pricing/";
const SECURITY_HUB = "https://aws.amazon.com/security-hub/pricing/";
const QUICKSIGHT = "https://aws.amazon.com/quick/pricing/";

function price(unit: string, source: string, usEast1: number, euCentral1?: number): Price {
  return {
    usd: { "us-east-1": usEast1, ...(euCentral1 !== undefined && { "eu-central-1": euCentral1 }) },
    unit,
    source,
  };
}

/**
 * All prices of this project: the only file that has any. None was read from a live price list: those of RDS are as quoted
 * for 2026 by two independent lists, those of eu-central-1 as seen in bills, the rest from the pages named.
 */
export const PRICES = {
  "RDS db.t4g.micro": price("hour", RDS, 0.016, 0.019),
  "RDS db.t4g.small": price("hour", RDS, 0.032),
  "RDS db.t4g.medium": price("hour", RDS, 0.065),
  "RDS db.m7g.large": price("hour", RDS, 0.168),
  "RDS db.m7g.2xlarge": price("hour", RDS, 0.674),
  "RDS db.m7g.4xlarge": price("hour", RDS, 1.347),
  "RDS storage gp3": price("GiB and month", RDS, 0.115, 0.137),
  "RDS backups": price("GiB and month above the database's storage", RDS, 0.095),
  "interface endpoint": price("hour and zone", PRIVATELINK, 0.01, 0.012),
  "interface endpoint data": price("GB", PRIVATELINK, 0.01, 0.01),
  "NAT gateway": price("hour", VPC, 0.045, 0.052),
  "NAT gateway data": price("GB", VPC, 0.045, 0.052),
  "public IPv4 address": price("hour", VPC, 0.005, 0.005),
  "KMS key": price("month; each of its first two rotations adds one", KMS, 1, 1),
  "KMS request": price("request", KMS, 0.000003, 0.000003),
  secret: price("month", SECRETS, 0.4, 0.4),
  "alarm metric": price("month", CLOUDWATCH, 0.1, 0.1),
  dashboard: price("month; the first three of an account are free, if they show up to 50 metrics", CLOUDWATCH, 3, 3),
  logs: price("GB", CLOUDWATCH, 0.5, 0.63),
  "S3 storage": price("GB and month", S3, 0.023, 0.0245),
  "S3 write": price("request", S3, 0.000005, 0.0000054),
  "S3 read": price("request", S3, 0.0000004, 0.00000043),
  "Lambda time": price("GB-second on arm64", LAMBDA, 0.0000133334, 0.0000133334),
  "Lambda call": price("call", LAMBDA, 0.0000002, 0.0000002),
  "state transition": price("transition", STATES, 0.000025, 0.000025),
  "SQS request": price("request", SQS, 0.0000004, 0.0000004),
  "SNS e-mail": price("e-mail", SNS, 0.00002, 0.00002),
  "DynamoDB write": price("unit of 1 KB", DYNAMODB, 0.000000625, 0.0000007625),
  "DynamoDB read": price("unit of 4 KB", DYNAMODB, 0.000000125, 0.0000001525),
  "DynamoDB storage": price("GB and month", DYNAMODB, 0.25, 0.306),
  "DynamoDB recovery": price("GB and month of point-in-time recovery", DYNAMODB, 0.2, 0.2448),
  "scheduled call": price("call", EVENTBRIDGE, 0.000001, 0.000001),
  "CloudFront data": price("GB; one TB a month is free", CLOUDFRONT, 0.085, 0.085),
  "trail event": price("event of objects or functions", CLOUDTRAIL, 0.000001, 0.000001),
  "Config change": price("recorded change", CONFIG, 0.003, 0.003),
  "Config evaluation": price("evaluation of a rule", CONFIG, 0.001, 0.001),
  "Security Hub check": price("check", SECURITY_HUB, 0.001, 0.001),
  "QuickSight author": price("author and month", QUICKSIGHT, 24, 24),
} as const satisfies Readonly<Record<string, Price>>;

export type PriceName = keyof typeof PRICES;

/** Whether a region has prices of its own. */
export function isPriced(region: string): region is PricedRegion {
  return (PRICED_REGIONS as readonly string[]).includes(region);
}

/** A price in a region; in us-east-1 if the table has none of that region. */
export function findPrice(name: PriceName, region: string): { readonly usd: number; readonly region: PricedRegion } {
  const { usd }: Price = PRICES[name];
  const own = isPriced(region) ? usd[region] : undefined;
  return own === undefined
    ? { usd: usd["us-east-1"], region: "us-east-1" }
    : { usd: own, region: region as PricedRegion };
}
