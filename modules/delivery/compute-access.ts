import type { Construct } from "constructs";
import { Account } from "../account";
import { type Access, type AccessScope, actions } from "./access";

/** Functions, layers, state machines, schedules: services whose ARNs hold our names. */
export function computeAccess(scope: Construct, { prefix }: AccessScope): Access {
  const account = Account.of(scope);
  const functions = [account.arn("lambda", `function:${prefix}-*`), account.arn("lambda", `layer:${prefix}-*`)];
  const machines = [account.arn("states", `stateMachine:${prefix}-*`)];
  const schedules = [
    account.arn("scheduler", `schedule/${prefix}-*/*`),
    account.arn("scheduler", `schedule-group/${prefix}-*`),
  ];
  return {
    read: [
      { actions: actions("lambda", "Get*", "List*"), resources: functions },
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
          "TagResource",
          "UntagResource",
        ),
        resources: functions,
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
        actions: actions("lambda", "DeleteFunction", "DeleteFunctionConcurrency", "DeleteLayerVersion"),
        resources: functions,
      },
      { actions: actions("states", "DeleteStateMachine"), resources: machines },
      { actions: actions("scheduler", "DeleteSchedule", "DeleteScheduleGroup"), resources: schedules },
    ],
  };
}
