import * as z from "zod";
import { MONTH_HOURS } from "../../../etl/core/prices/price-table";
import { ASSUMED } from "./assumed-use";
import type { Bill } from "./bill";
import { databaseCost } from "./database-cost";

/** What a plan says of a resource beyond its values. */
export interface Shape {
  /** The subnets that it names, if the plan does not know their ids yet. */
  readonly subnets: number;
}

type Rule = (bill: Bill, values: unknown, shape: Shape) => void;

const endpointSchema = z.object({
  vpc_endpoint_type: z.string().nullish(),
  subnet_ids: z.array(z.string()).nullish(),
});
const functionSchema = z.object({ memory_size: z.number().nullish() });
const alarmSchema = z.object({ metric_query: z.array(z.object({ metric: z.unknown().optional() })).nullish() });
const tableSchema = z.object({
  billing_mode: z.string().nullish(),
  point_in_time_recovery: z.union([z.array(z.unknown()), z.object({ enabled: z.unknown() })]).nullish(),
});
const scheduleSchema = z.object({ state: z.string().nullish() });
/** Lambda's own default. */
const DEFAULT_MEMORY_MB = 128;

/** The types of resources that cost something, and how much a month. Those that cost nothing are in free-types.ts. */
export const pricedTypes: Readonly<Record<string, Rule>> = {
  aws_db_instance: databaseCost,
  aws_vpc_endpoint(bill, values, { subnets }) {
    const endpoint = endpointSchema.parse(values);
    // One of a gateway costs nothing, its data neither.
    if (endpoint.vpc_endpoint_type !== "Interface") return;
    const zones = endpoint.subnet_ids?.length ?? subnets;
    bill.fixed("interface endpoint", { "interface endpoint": zones * MONTH_HOURS }, `in ${zones} zones`);
    bill.byUse("endpoint data", { "interface endpoint data": ASSUMED.endpointGb });
  },
  aws_nat_gateway(bill) {
    bill.fixed("NAT gateway", { "NAT gateway": MONTH_HOURS });
    bill.byUse("NAT gateway data", { "NAT gateway data": ASSUMED.natGb });
  },
  aws_eip: (bill) => bill.fixed("public IPv4 address", { "public IPv4 address": MONTH_HOURS }),
  aws_kms_key(bill) {
    bill.fixed("KMS key", { "KMS key": 1 });
    bill.byUse("KMS requests", { "KMS request": ASSUMED.keyRequests });
  },
  aws_cloudwatch_metric_alarm(bill, values) {
    const queries = alarmSchema.parse(values).metric_query ?? [];
    const metrics = queries.filter(({ metric }) => ![metric].flat().every(isNothing)).length;
    bill.fixed("alarm", { "alarm metric": Math.max(1, metrics) });
  },
  aws_cloudwatch_dashboard: (bill) => bill.fixed("dashboard", { dashboard: 1 }),
  aws_cloudwatch_log_group: (bill) => bill.byUse("logs", { logs: ASSUMED.logGroupGb }),
  aws_flow_log: (bill) => bill.byUse("flow logs", { logs: ASSUMED.flowLogGb }),
  aws_s3_bucket(bill) {
    const { bucketGb, bucketWrites, bucketReads } = ASSUMED;
    bill.byUse("S3", { "S3 storage": bucketGb, "S3 write": bucketWrites, "S3 read": bucketReads });
  },
  aws_lambda_function(bill, values) {
    const memoryMb = functionSchema.parse(values).memory_size ?? DEFAULT_MEMORY_MB;
    const calls = ASSUMED.runsPerMonth;
    bill.byUse("Lambda", { "Lambda time": (calls * ASSUMED.secondsPerCall * memoryMb) / 1024, "Lambda call": calls });
  },
  aws_lambda_event_source_mapping: (bill) => bill.byUse("polling of a queue", { "SQS request": ASSUMED.pollsPerMonth }),
  aws_sfn_state_machine: (bill) =>
    bill.byUse("Step Functions", { "state transition": ASSUMED.runsPerMonth * ASSUMED.transitionsPerRun }),
  aws_sqs_queue: (bill) => bill.byUse("SQS", { "SQS request": ASSUMED.runsPerMonth }),
  aws_sns_topic: (bill) => bill.byUse("SNS", { "SNS e-mail": ASSUMED.emails }),
  aws_dynamodb_table(bill, values) {
    const table = tableSchema.parse(values);
    const { tableGb, tableWrites, tableReads } = ASSUMED;
    if (table.billing_mode !== "PAY_PER_REQUEST") {
      bill.unpriced("DynamoDB", "DynamoDB with provisioned capacity");
      return;
    }
    bill.byUse("DynamoDB", {
      ...{ "DynamoDB write": tableWrites, "DynamoDB read": tableReads, "DynamoDB storage": tableGb },
      "DynamoDB recovery": isRecoverable(table.point_in_time_recovery) ? tableGb : 0,
    });
  },
  aws_scheduler_schedule(bill, values) {
    if (scheduleSchema.parse(values).state === "DISABLED") return;
    bill.byUse("scheduled calls", { "scheduled call": ASSUMED.runsPerMonth });
  },
  aws_cloudfront_distribution: (bill) => bill.byUse("CloudFront", { "CloudFront data": ASSUMED.webGb }),
  aws_cloudtrail: (bill) => bill.byUse("events of the trail", { "trail event": ASSUMED.trailEvents }),
  aws_config_configuration_recorder: (bill) =>
    bill.byUse("changes that AWS Config records", { "Config change": ASSUMED.configChanges }),
  aws_config_config_rule: (bill) => bill.byUse("AWS Config rules", { "Config evaluation": ASSUMED.configEvaluations }),
  aws_securityhub_standards_subscription: (bill) =>
    bill.byUse("Security Hub", { "Security Hub check": ASSUMED.hubChecks }),
  aws_quicksight_dashboard: (bill) =>
    bill.byUse("QuickSight users", { "QuickSight author": ASSUMED.quickSightAuthors }),
};

function isNothing(value: unknown): boolean {
  return value === null || value === undefined;
}

/** A plan has a list of one block, a synthesised stack the block. */
function isRecoverable(blocks: z.output<typeof tableSchema>["point_in_time_recovery"]): boolean {
  return [blocks].flat().some((block) => z.object({ enabled: z.literal(true) }).safeParse(block).success);
}
