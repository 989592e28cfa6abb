/** Attributes that moto 5.2.1 takes and does not give back, so that every plan wants to set them again. */
export const MOTO_FORGETS: readonly { readonly type: string; readonly attribute: string; readonly reason: string }[] = [
  {
    type: "aws_db_parameter_group",
    attribute: "parameter",
    reason: "DescribeDBParameters answers an empty list",
  },
  {
    type: "aws_s3_bucket_notification",
    attribute: "eventbridge",
    reason: "GetBucketNotificationConfiguration leaves EventBridge out; the events do come",
  },
];
