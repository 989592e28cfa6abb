import { type CallTable, calls, keyVia, on, passRole } from "./resource-calls";

const arn = (service: string, rest: string) => `arn:aws:${service}:eu-central-1:111122223333:${rest}`;
const mapping = arn("lambda", "event-source-mapping:{id}");
const ofFunction = (verb: string, resource: string) => ({
  action: `lambda:${verb}EventSourceMapping`,
  on: resource,
  context: { "lambda:FunctionArn": "{function_name}" },
});

export const compute: CallTable = {
  aws_lambda_function: {
    source: "lambda/function.go",
    arn: arn("lambda", "function:{function_name}"),
    make: [
      ...calls("lambda", "CreateFunction", "TagResource"),
      passRole("{role}", "lambda"),
      ...on("{layers}", "lambda", "GetLayerVersion"),
      ...on("arn:aws:s3:::{s3_bucket}/{s3_key}", "s3", "GetObject", "GetObjectVersion"),
      ...keyVia("lambda", "{kms_key_arn}", "DescribeKey", "Encrypt", "Decrypt", "GenerateDataKey", "CreateGrant"),
      ...on("*", "ec2", "DescribeVpcs", "DescribeSubnets", "DescribeSecurityGroups"),
    ],
    settle: ["lambda:PutFunctionConcurrency"],
    read: calls("lambda", "GetFunction", "ListVersionsByFunction", "GetFunctionCodeSigningConfig"),
    update: [
      ...calls("lambda", "UpdateFunctionCode", "UpdateFunctionConfiguration", "GetFunctionConfiguration"),
      ...calls("lambda", "PutFunctionConcurrency", "DeleteFunctionConcurrency", "TagResource", "UntagResource"),
      passRole("{role}", "lambda"),
    ],
    remove: ["lambda:DeleteFunction"],
  },
  aws_lambda_permission: {
    source: "lambda/permission.go",
    arn: arn("lambda", "function:{function_name}"),
    settle: ["lambda:AddPermission"],
    read: ["lambda:GetPolicy"],
    remove: ["lambda:RemovePermission"],
  },
  aws_lambda_layer_version: {
    source: "lambda/layer_version.go",
    arn: arn("lambda", "layer:{layer_name}"),
    settle: [
      "lambda:PublishLayerVersion",
      ...on("arn:aws:s3:::{s3_bucket}/{s3_key}", "s3", "GetObject", "GetObjectVersion"),
    ],
    read: on(arn("lambda", "layer:{layer_name}:1"), "lambda", "GetLayerVersion"),
    remove: on(arn("lambda", "layer:{layer_name}:1"), "lambda", "DeleteLayerVersion"),
  },
  aws_lambda_event_source_mapping: {
    source: "lambda/event_source_mapping.go",
    arn: mapping,
    make: [ofFunction("Create", "*"), "lambda:TagResource"],
    read: [ofFunction("Get", mapping), "lambda:ListTags"],
    update: [ofFunction("Update", mapping), ...calls("lambda", "TagResource", "UntagResource")],
    remove: [ofFunction("Delete", mapping)],
  },
  aws_sfn_state_machine: {
    source: "sfn/state_machine.go",
    arn: arn("states", "stateMachine:{name}"),
    make: [...calls("states", "CreateStateMachine", "TagResource"), passRole("{role_arn}", "states")],
    read: [
      ...calls("states", "DescribeStateMachine", "ListStateMachineVersions", "ListTagsForResource"),
      // CustomizeDiff, at every plan.
      ...on("*", "states", "ValidateStateMachineDefinition"),
    ],
    update: [
      ...calls("states", "UpdateStateMachine", "TagResource", "UntagResource"),
      passRole("{role_arn}", "states"),
    ],
    remove: ["states:DeleteStateMachine"],
  },
  aws_scheduler_schedule: {
    source: "scheduler/schedule.go; keys: EventBridge Scheduler user guide, Encryption at rest",
    arn: arn("scheduler", "schedule/{group_name}/{name}"),
    settle: [
      "scheduler:CreateSchedule",
      passRole("{target.role_arn}", "scheduler"),
      ...keyVia("scheduler", "{kms_key_arn}", "DescribeKey", "GenerateDataKey", "Decrypt"),
    ],
    read: ["scheduler:GetSchedule"],
    update: ["scheduler:UpdateSchedule", passRole("{target.role_arn}", "scheduler")],
    remove: ["scheduler:DeleteSchedule"],
  },
  aws_scheduler_schedule_group: {
    source: "scheduler/schedule_group.go",
    arn: arn("scheduler", "schedule-group/{name}"),
    make: calls("scheduler", "CreateScheduleGroup", "TagResource"),
    read: calls("scheduler", "GetScheduleGroup", "ListTagsForResource"),
    update: calls("scheduler", "TagResource", "UntagResource"),
    remove: ["scheduler:DeleteScheduleGroup"],
  },
};
