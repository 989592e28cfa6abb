import type { Block } from "./block";

/**
 * What AWS knows a resource by, and what it is made with once and for all: another value there means that it is destroyed and made anew
 * ("Forces new resource", documentation of the AWS provider 5.100). Of the types whose loss is felt: names that others were given,
 * messages, logs, data, running executions.
 */
const MADE_WITH: Readonly<Record<string, readonly string[]>> = {
  aws_cloudwatch_event_rule: ["name", "event_bus_name"],
  aws_cloudwatch_event_target: ["rule", "target_id", "event_bus_name"],
  aws_cloudwatch_log_group: ["name", "name_prefix", "log_group_class"],
  aws_cloudwatch_metric_alarm: ["alarm_name"],
  aws_db_instance: ["engine", "username", "db_name", "storage_encrypted", "kms_key_id", "snapshot_identifier"],
  aws_db_subnet_group: ["name"],
  aws_dynamodb_table: ["name", "hash_key", "range_key"],
  aws_iam_role: ["name", "name_prefix", "path"],
  aws_iam_role_policy: ["name", "role"],
  aws_kms_alias: ["name"],
  aws_lambda_event_source_mapping: ["event_source_arn"],
  aws_lambda_function: ["function_name", "package_type"],
  aws_lambda_permission: ["action", "function_name", "principal", "source_account", "source_arn", "statement_id"],
  aws_s3_bucket: ["bucket", "bucket_prefix"],
  aws_s3_object: ["bucket", "key"],
  aws_scheduler_schedule: ["name", "group_name"],
  aws_security_group: ["name", "description", "vpc_id"],
  aws_sfn_state_machine: ["name", "type"],
  aws_sns_topic: ["name", "fifo_topic"],
  aws_sns_topic_subscription: ["topic_arn", "protocol", "endpoint"],
  aws_sqs_queue: ["name", "fifo_queue"],
  aws_vpc_endpoint: ["vpc_id", "service_name", "vpc_endpoint_type"],
  aws_vpc_security_group_egress_rule: ["security_group_id"],
  aws_vpc_security_group_ingress_rule: ["security_group_id"],
};

/** A line each: address, argument, value; the address alone where nothing of it is fixed. */
export function keptNames(blocks: readonly Block[]): string[] {
  return blocks
    .flatMap(({ address, type, arguments: given }) => {
      const fixed = MADE_WITH[type];
      if (fixed === undefined) return [];
      const set = fixed.filter((argument) => given[argument] !== undefined);
      return set.length === 0
        ? [address]
        : set.map((argument) => `${address} ${argument} ${JSON.stringify(given[argument])}`);
    })
    .sort();
}
