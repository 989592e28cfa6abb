import type { Account } from "../../account";
import type { Conditions, Statement } from "../../function/policy";

/** What a role that deploys with Terraform may do: read, create and change, delete. */
export interface Access {
  readonly read: readonly Statement[];
  readonly write: readonly Statement[];
  readonly remove: readonly Statement[];
}

export interface AccessScope {
  /** First part of all resources' names, without the hyphen, for example `millrace-dev`. */
  readonly prefix: string;
  /** The tags of all resources, for services whose resources have no names: Terraform's default tags. */
  readonly tags: Readonly<Record<string, string | readonly string[]>>;
}

/** A condition on every tag of the scope: of the request, or of the existing resource. */
export function tagged(of: "RequestTag" | "ResourceTag", tags: AccessScope["tags"]): Conditions {
  return { StringEquals: Object.fromEntries(Object.entries(tags).map(([tag, value]) => [`aws:${of}/${tag}`, value])) };
}

/** A condition on the tags of an existing resource; one without any of them meets it, too. */
export function taggedIfAny(tags: AccessScope["tags"]): Conditions {
  const { StringEquals = {} } = tagged("ResourceTag", tags);
  return { StringEqualsIfExists: StringEquals };
}

/** The log groups of our functions, state machines, networks and databases; each kind has its own prefix. */
export function logGroups(account: Account, prefix: string): readonly string[] {
  const owners = ["lambda/", "vendedlogs/states/", "vpc/", "rds/instance/"];
  return owners.map((owner) => account.arn("logs", `log-group:/aws/${owner}${prefix}-*`));
}

/** `actions("sqs", "GetQueueUrl")` is `["sqs:GetQueueUrl"]`. */
export function actions(service: string, ...names: readonly string[]): readonly string[] {
  return names.map((name) => `${service}:${name}`);
}

export function join(all: readonly Access[]): Access {
  return {
    read: all.flatMap(({ read }) => read),
    write: all.flatMap(({ write }) => write),
    remove: all.flatMap(({ remove }) => remove),
  };
}
