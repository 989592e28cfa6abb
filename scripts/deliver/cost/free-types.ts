/** Why a group of types costs nothing, by the page that says so. */
interface FreeGroup {
  readonly why: string;
  readonly source: string;
  readonly types: readonly string[];
}

/** The types of resources that cost nothing while they exist. One that is neither here nor in priced-types.ts is named as not priced. */
export const freeGroups: readonly FreeGroup[] = [
  {
    why: "a network's parts; its gateways, endpoints and addresses are priced",
    source: "https://aws.amazon.com/vpc/faqs/",
    types: [
      "aws_vpc",
      "aws_subnet",
      "aws_route",
      "aws_route_table",
      "aws_route_table_association",
      "aws_internet_gateway",
      "aws_security_group",
      "aws_vpc_security_group_egress_rule",
      "aws_vpc_security_group_ingress_rule",
    ],
  },
  {
    why: "IAM",
    source: "https://aws.amazon.com/iam/faqs/",
    types: [
      "aws_iam_openid_connect_provider",
      "aws_iam_policy",
      "aws_iam_role",
      "aws_iam_role_policy",
      "aws_iam_role_policy_attachment",
    ],
  },
  {
    why: "a bucket's settings, and requests that a deployment makes",
    source: "https://aws.amazon.com/s3/pricing/",
    types: [
      "aws_s3_bucket_lifecycle_configuration",
      "aws_s3_bucket_logging",
      "aws_s3_bucket_notification",
      "aws_s3_bucket_ownership_controls",
      "aws_s3_bucket_policy",
      "aws_s3_bucket_public_access_block",
      "aws_s3_bucket_server_side_encryption_configuration",
      "aws_s3_bucket_versioning",
      "aws_s3_object",
    ],
  },
  {
    why: "a database's settings",
    source: "https://aws.amazon.com/rds/postgresql/pricing/",
    types: ["aws_db_parameter_group", "aws_db_subnet_group"],
  },
  { why: "a second name of a key", source: "https://aws.amazon.com/kms/pricing/", types: ["aws_kms_alias"] },
  {
    why: "a function's permissions, and its layer, up to 75 GB in an account",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html",
    types: ["aws_lambda_layer_version", "aws_lambda_permission"],
  },
  {
    why: "rules for events that AWS's services send, and groups of schedules",
    source: "https://aws.amazon.com/eventbridge/pricing/",
    types: ["aws_cloudwatch_event_rule", "aws_cloudwatch_event_target", "aws_scheduler_schedule_group"],
  },
  {
    why: "a topic's settings; its messages are priced with it",
    source: "https://aws.amazon.com/sns/pricing/",
    types: ["aws_sns_topic_policy", "aws_sns_topic_subscription"],
  },
  { why: "a queue's settings", source: "https://aws.amazon.com/sqs/pricing/", types: ["aws_sqs_queue_policy"] },
  {
    why: "a distribution's settings",
    source: "https://aws.amazon.com/cloudfront/pricing/",
    types: [
      "aws_cloudfront_key_group",
      "aws_cloudfront_origin_access_control",
      "aws_cloudfront_public_key",
      "aws_cloudfront_response_headers_policy",
    ],
  },
  {
    why: "budgets without actions",
    source: "https://aws.amazon.com/aws-cost-management/aws-budgets/pricing/",
    types: ["aws_budgets_budget"],
  },
  {
    why: "Config's settings; what it records and evaluates is priced",
    source: "https://aws.amazon.com/config/pricing/",
    types: ["aws_config_configuration_recorder_status", "aws_config_delivery_channel"],
  },
  {
    why: "the hub itself; its checks are priced with its standards",
    source: "https://aws.amazon.com/security-hub/pricing/",
    types: ["aws_securityhub_account"],
  },
  {
    why: "paid by its users, who are priced with the dashboard",
    source: "https://aws.amazon.com/quick/pricing/",
    types: [
      "aws_quicksight_analysis",
      "aws_quicksight_data_set",
      "aws_quicksight_data_source",
      "aws_quicksight_refresh_schedule",
      "aws_quicksight_vpc_connection",
    ],
  },
  {
    why: "not in AWS: Terraform keeps it in its state",
    source: "https://registry.terraform.io/providers/hashicorp/random/latest/docs",
    types: ["random_id", "random_string"],
  },
];

export const freeTypes: ReadonlySet<string> = new Set(freeGroups.flatMap(({ types }) => types));
