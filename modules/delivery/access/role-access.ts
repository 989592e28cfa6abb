import type { Construct } from "constructs";
import { Account } from "../../account";
import { type Access, type AccessScope, actions } from "./access";

export interface RoleAccessScope extends AccessScope {
  /** The boundary that every new role must have. */
  readonly boundaryArn: string;
  /** Services that get roles only in some configurations, for example `quicksight.amazonaws.com`. */
  readonly moreServices: readonly string[];
}

/** The services that our roles are passed to. */
const services = [
  "lambda.amazonaws.com",
  "states.amazonaws.com",
  "scheduler.amazonaws.com",
  "events.amazonaws.com",
  "vpc-flow-logs.amazonaws.com",
  "monitoring.rds.amazonaws.com",
];

/**
 * Roles of the stacks' services. Without the boundary, a deployer that may create a role and write its policy could
 * grant itself everything ("Permissions boundaries for IAM entities", IAM user guide).
 */
export function roleAccess(scope: Construct, { prefix, boundaryArn, moreServices }: RoleAccessScope): Access {
  const account = Account.of(scope);
  const roles = [account.globalArn("iam", `role/${prefix}-*`)];
  const bounded = { StringEquals: { "iam:PermissionsBoundary": boundaryArn } };
  return {
    read: [
      {
        actions: actions(
          "iam",
          "GetRole",
          "GetRolePolicy",
          "ListRolePolicies",
          "ListAttachedRolePolicies",
          "ListInstanceProfilesForRole",
        ),
        resources: roles,
      },
    ],
    write: [
      {
        actions: actions("iam", "CreateRole", "PutRolePolicy", "PutRolePermissionsBoundary"),
        resources: roles,
        conditions: bounded,
      },
      {
        actions: actions(
          "iam",
          "UpdateRole",
          "UpdateRoleDescription",
          "UpdateAssumeRolePolicy",
          "TagRole",
          "UntagRole",
        ),
        resources: roles,
      },
      {
        actions: actions("iam", "PassRole"),
        resources: roles,
        conditions: { StringEquals: { "iam:PassedToService": [...services, ...moreServices] } },
      },
      // The first database of an account creates RDS's own role.
      {
        actions: actions("iam", "CreateServiceLinkedRole"),
        resources: [account.globalArn("iam", "role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS")],
        conditions: { StringEquals: { "iam:AWSServiceName": "rds.amazonaws.com" } },
      },
    ],
    remove: [{ actions: actions("iam", "DeleteRolePolicy", "DeleteRole"), resources: roles }],
  };
}
