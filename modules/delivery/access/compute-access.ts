import type { Construct } from "constructs";
import { Account } from "../../account";
import type { Conditions } from "../../function/policy";
import { type Access, type AccessScope, actions, tagged, taggedIfAny } from "./access";

/** Functions, layers, event source mappings, state machines, schedules. */
export function computeAccess(scope: Construct, { prefix, tags }: AccessScope): Access {
  const account = Account.of(scope);
  const functions = [account.arn("lambda", `function:${prefix}-*`), account.arn("lambda", `layer:${prefix}-*`)];
  // A mapping has only an id: it is recognised by the function that it calls.
  const mappings = [account.arn("lambda", "event-source-mapping:*")];
  const toOurs: Conditions = { ArnLike: { "lambda:FunctionArn": account.arn("lambda", `function:${prefix}-*`) } };
  const machines = [account.arn("states", `stateMachine:${prefix}-*`)];
  const schedules = [
    account.arn("scheduler", `schedule/${prefix}-*/*`),
    account.arn("scheduler", `schedule-group/${prefix}-*`),
  ];
  return {
    read: [
      { actions: actions("lambda", "Get*", "List*"), resources: functions },
      // A mapping that was just removed has no function any more: the deployer that waits for its end must be able to
      // see that it is gone.
      {
        actions: actions("lambda", "GetEventSourceMapping"),
        resources: mappings,
        conditions: { ArnLikeIfExists: toOurs.ArnLike ?? {} },
      },
      { actions: actions("lambda", "ListTags"), resources: mappings, conditions: tagged("ResourceTag", tags) },
      { actions: actions("states", "Describe*", "List*"), resources: machines },
      { actions: actions("states", "ValidateStateMachineDefinition"), resources: ["*"] },
      { actions: actions("scheduler", "Get*", "ListTagsForResource"), resources: schedules },
    ],
    write: [
      {
        actions: actions(
          "lambda",
          "CreateFunction",
          "UpdateFunctionCode",
          "UpdateFunctionConfiguration",
          "PutFunctionConcurrency",
          "PublishLayerVersion",
          "AddPermission",
          "TagResource",
          "UntagResource",
        ),
        resources: functions,
      },
      // When it is created, it has no ARN yet to limit this to.
      { actions: actions("lambda", "CreateEventSourceMapping"), resources: ["*"], conditions: toOurs },
      { actions: actions("lambda", "UpdateEventSourceMapping"), resources: mappings, conditions: toOurs },
      // A foreign mapping has other tags, and a request that sets our tags does not make it ours.
      {
        actions: actions("lambda", "TagResource"),
        resources: mappings,
        conditions: { ...tagged("RequestTag", tags), ...taggedIfAny(tags) },
      },
      {
        actions: actions("lambda", "TagResource", "UntagResource"),
        resources: mappings,
        conditions: tagged("ResourceTag", tags),
      },
      {
        actions: actions("states", "CreateStateMachine", "UpdateStateMachine", "TagResource", "UntagResource"),
        resources: machines,
      },
      // The smoke test after a deployment.
      { actions: actions("states", "StartExecution"), resources: machines },
      {
        actions: actions("states", "DescribeExecution"),
        resources: [account.arn("states", `execution:${prefix}-*:*`)],
      },
      {
        actions: actions(
          "scheduler",
          "CreateSchedule",
          "UpdateSchedule",
          "CreateScheduleGroup",
          "TagResource",
          "UntagResource",
        ),
        resources: schedules,
      },
    ],
    remove: [
      {
        actions: actions(
          "lambda",
          "DeleteFunction",
          "DeleteFunctionConcurrency",
          "RemovePermission",
          "DeleteLayerVersion",
        ),
        resources: functions,
      },
      { actions: actions("lambda", "DeleteEventSourceMapping"), resources: mappings, conditions: toOurs },
      { actions: actions("states", "DeleteStateMachine"), resources: machines },
      { actions: actions("scheduler", "DeleteSchedule", "DeleteScheduleGroup"), resources: schedules },
    ],
  };
}
