import type { Policy, PolicyStatement } from "./policies";
import type { Template } from "./template";

/** Where a stack breaks a rule: one line each. */
export type Rule = (template: Template) => readonly string[];

/**
 * Actions that IAM can limit to no resource ("Actions, resources, and condition keys for AWS services", Service
 * Authorization Reference), as far as we use them.
 */
const WITHOUT_RESOURCES = [
  /^cloudfront:Create(Distribution|OriginAccessControl|ResponseHeadersPolicy)$/,
  /^cloudfront:(Create|Get|Update|Delete)(PublicKey|KeyGroup)$/,
  /^cloudwatch:(PutMetricData|DescribeAlarms)$/,
  /^ec2:Describe\w*\*?$/,
  /^ec2:(CreateNetworkInterface|DeleteNetworkInterface|(Una|A)ssignPrivateIpAddresses|ModifyNetworkInterfaceAttribute|GetManagedPrefixListEntries)$/,
  /^kms:(CreateKey|ListAliases)$/,
  /^lambda:(CreateEventSourceMapping|GetAccountSettings)$/,
  /^logs:(Create|Get|Update|Delete|List)LogDeliver(y|ies)$/,
  /^logs:(PutResourcePolicy|DescribeResourcePolicies|DescribeLogGroups)$/,
  /^quicksight:Create(VPCConnection|DataSource)$/,
  /^rds:DescribeOrderableDBInstanceOptions$/,
  /^scheduler:ListSchedules$/,
  /^sns:(GetSubscriptionAttributes|SetSubscriptionAttributes|Unsubscribe)$/,
  /^states:(ListStateMachines|ValidateStateMachineDefinition)$/,
  /^xray:(PutTraceSegments|PutTelemetryRecords|GetSamplingRules|GetSamplingTargets)$/,
];

/** No statement allows every action, of a service or of all. In a key's policy the account's root may. */
export const starActions: Rule = (template) =>
  allowed(template).flatMap(({ place, statement }) =>
    statement.actions
      .filter((action) => /^(\*|\w+:\*)$/.test(action) && !delegatesKey(place, statement))
      .map((action) => `${place} allows ${action}`),
  );

/** No statement allows an action on every resource that IAM could limit. In a key's policy `*` is the key. */
export const starResources: Rule = (template) =>
  allowed(template)
    .filter(({ place, statement }) => statement.resources.includes("*") && !place.startsWith("aws_kms_key."))
    .flatMap(({ place, statement }) =>
      statement.actions
        .filter((action) => !WITHOUT_RESOURCES.some((form) => form.test(action)))
        .map((action) => `${place} allows ${action} on *`),
    );

/** Who comes by a web identity says which repository and place he comes from, and was meant for AWS. */
export const looseOidcTrust: Rule = (template) =>
  allowed(template)
    .filter(({ statement }) => statement.actions.some((action) => action.startsWith("sts:AssumeRoleWith")))
    .filter(({ statement }) => !isExact(statement))
    .map(({ place }) => `${place} trusts more than exact subjects`);

/** A resource policy that admits everybody admits somebody else. */
export const openToEverybody: Rule = (template) =>
  allowed(template)
    .filter(({ statement }) => statement.principals.some((principal) => principal === "*" || principal === "AWS:*"))
    .filter(({ statement }) => Object.keys(statement.conditions).length === 0)
    .map(({ place }) => `${place} admits everybody`);

function isExact({ conditions }: PolicyStatement): boolean {
  const keys = conditions.StringEquals ?? {};
  const value = (claim: string) => Object.entries(keys).find(([key]) => key.endsWith(`:${claim}`))?.[1] ?? [];
  const subjects = value("sub");
  return (
    value("aud").join() === "sts.amazonaws.com" &&
    subjects.length > 0 &&
    subjects.every((subject) =>
      /^repo:([\w-]+\/[\w.-]+|[\w-]+@\d+\/[\w.-]+@\d+):(pull_request|(environment|ref):[\w./-]+)$/.test(subject),
    )
  );
}

function delegatesKey(place: string, { principals }: PolicyStatement): boolean {
  return place.startsWith("aws_kms_key.") && principals.every((principal) => /^AWS:.*:root$/.test(principal));
}

function allowed(template: Template): readonly { place: string; statement: PolicyStatement }[] {
  return template
    .policies()
    .flatMap(({ place, statements }: Policy) => statements.map((statement) => ({ place, statement })))
    .filter(({ statement }) => statement.effect === "Allow");
}
