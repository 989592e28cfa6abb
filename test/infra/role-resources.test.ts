import { prod } from "../../config/prod";
import { withoutHashes } from "./support/account";
import { matches } from "./support/iam";
import { pagesWeb, quicksight } from "./support/pages-web";
import type { PolicyStatement } from "./support/policies";
import { someBackend, synthesize } from "./support/synthesize";
import { type Unprefixed, unprefixed } from "./support/unprefixed";

const webhook = {
  name: "team",
  kind: "slack",
  secretArn: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:slack-AbCdEf",
};
const { "state-backend": stack } = synthesize({
  environment: prod,
  backend: someBackend,
  overrides: { pages: { web: pagesWeb, quicksight }, notifications: { webhooks: [webhook] } },
});
/** What the three roles and the boundary grant. */
const granted = stack
  .policies()
  .filter(({ place }) => /^data\.aws_iam_policy_document\.delivery_/.test(place))
  .flatMap(({ place, statements }) => statements.map((statement) => ({ place, statement })))
  .filter(({ statement }) => statement.effect === "Allow");

/** The prefix, with nothing before it that is left open. */
const PREFIXED = /^arn:aws:[a-z0-9]+:[a-z0-9-]*:\d*:([a-zA-Z-]+[:/]|log-group:\/aws\/[a-z/]+\/)?millrace-prod-/;

function allows(entry: Unprefixed, resource: string, action: string, statement: PolicyStatement): boolean {
  const keys = Object.values(statement.conditions).flatMap((condition) => Object.keys(condition));
  return (
    entry.resource === resource &&
    entry.actions.some((pattern) => pattern === action || (pattern.endsWith(":*") && matches(pattern, action))) &&
    (entry.conditions ?? []).every((key) => keys.includes(key))
  );
}

const unnamed = granted.flatMap(({ place, statement }) =>
  statement.resources
    .map(withoutHashes)
    .filter((resource) => !PREFIXED.test(resource))
    .flatMap((resource) => statement.actions.map((action) => ({ place, statement, resource, action }))),
);

describe("resources of the delivery's roles and of the boundary", () => {
  test("have the project's prefix, or a reason why not, with the condition that takes its place", () => {
    const unexplained = unnamed.filter(
      ({ resource, action, statement }) => !unprefixed.some((entry) => allows(entry, resource, action, statement)),
    );

    expect(granted.length).toBeGreaterThan(100);
    expect(unexplained.map(({ place, resource, action }) => `${place}: ${action} on ${resource}`)).toEqual([]);
  });

  test("need every reason, for each of its actions", () => {
    const stale = unprefixed.flatMap((entry) =>
      entry.actions
        .filter((action) =>
          unnamed.every(
            (grant) =>
              !(
                matches(action, grant.action) &&
                allows({ ...entry, actions: [action] }, grant.resource, grant.action, grant.statement)
              ),
          ),
        )
        .map((action) => `${action} on ${entry.resource}`),
    );

    expect(stale).toEqual([]);
  });

  test.each([
    ["arn:aws:s3:::*", "s3:GetObject", {}],
    ["arn:aws:s3:::*millrace-prod-raw", "s3:GetObject", {}],
    ["arn:aws:sqs:eu-central-1:111122223333:*", "sqs:SendMessage", {}],
    ["arn:aws:kms:eu-central-1:111122223333:key/*", "kms:Decrypt", {}],
    ["arn:aws:kms:eu-central-1:111122223333:key/*", "kms:Decrypt", { StringEquals: { "aws:ResourceTag/Project": [] } }],
    ["arn:aws:ec2:eu-central-1:111122223333:*", "ec2:RevokeSecurityGroupIngress", { Null: { a: [] } }],
  ])("would not be %s for %s under %j", (resource, action, conditions) => {
    const statement = { effect: "Allow", actions: [action], resources: [resource], principals: [], conditions };

    expect(PREFIXED.test(resource)).toBe(false);
    expect(unprefixed.filter((entry) => allows(entry, resource, action, statement))).toEqual([]);
  });
});
