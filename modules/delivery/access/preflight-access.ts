import type { Construct } from "constructs";
import { Account } from "../../account";
import type { Statement } from "../../function/policy";
import { type AccessScope, actions } from "./access";

export interface PreflightAccessScope extends Pick<AccessScope, "prefix"> {
  /** Whether the database is ours. */
  readonly managesDatabase: boolean;
}

/** What a deployment checks before it begins, in addition to what Terraform reads (scripts/deliver/doctor). */
export function preflightAccess(
  scope: Construct,
  { prefix, managesDatabase }: PreflightAccessScope,
): readonly Statement[] {
  const account = Account.of(scope);
  const database = [
    { actions: actions("rds", "DescribeOrderableDBInstanceOptions"), resources: ["*"] },
    // A role that does not exist has no path yet, and IAM checks the name in the request.
    {
      actions: actions("iam", "GetRole"),
      resources: ["", "aws-service-role/rds.amazonaws.com/"].map((path) =>
        account.globalArn("iam", `role/${path}AWSServiceRoleForRDS`),
      ),
    },
  ];
  return [
    { actions: actions("lambda", "GetAccountSettings"), resources: ["*"] },
    {
      actions: actions("sns", "ListSubscriptionsByTopic"),
      resources: ["notifications", "*-notifications"].map((name) => account.arn("sns", `${prefix}-${name}`)),
    },
    ...(managesDatabase ? database : []),
  ];
}
