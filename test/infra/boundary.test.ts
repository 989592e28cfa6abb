import { combinations } from "./support/combinations";
import { isAllowed, matches } from "./support/iam";
import { pagesWeb } from "./support/pages-web";
import { DeployedRoles, tags } from "./support/roles";

const FOREIGN_KEY = "arn:aws:kms:eu-central-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab";

const secretOf = (name: string) => `arn:aws:secretsmanager:eu-central-1:444455556666:secret:${name}-AbCdEf`;

interface Grant {
  readonly place: string;
  readonly action: string;
  readonly resource: string;
}

/** Keys of ours have our tags, the secret that RDS keeps says whose it is; of others nothing is known. */
function contextOf({ action, resource }: Grant): Readonly<Record<string, string>> {
  if (action.startsWith("secretsmanager:") && resource.includes(":secret:rds!db-")) {
    return {
      "aws:ResourceTag/aws:rds:primaryDBInstanceArn": "arn:aws:rds:eu-central-1:111122223333:db:millrace-prod-etl",
    };
  }
  return resource.includes(":111122223333:key/") ? tags("ResourceTag", "etl") : {};
}

/** What the roles of the stacks grant, resource by resource. */
function grantsOf(roles: DeployedRoles): readonly Grant[] {
  return [roles.stacks.network, roles.stacks.etl].flatMap((template) =>
    template
      .policies()
      .filter(({ place }) => place.startsWith("aws_iam_role_policy."))
      .flatMap(({ place, statements }) =>
        statements
          .filter(({ effect }) => effect === "Allow")
          .map((statement) => roles.resolve(statement))
          .flatMap(({ actions, resources }) =>
            actions.flatMap((action) => resources.map((resource) => ({ place, action, resource }))),
          ),
      ),
  );
}

/** Each with keys of another account, where one can be named. */
const deployed = combinations.map(({ name, database }) => {
  const roles = new DeployedRoles(name, {
    database: database === "database existing" ? { secretKeyArn: FOREIGN_KEY } : {},
    feeds: { sales: { source: { bucket: "partner-raw", keyArn: FOREIGN_KEY } } },
    pipelines: {
      // Watched by a state machine of its own.
      covid: {
        schedule: { expression: "cron(0 7 1 * ? *)" },
        credentials: { cases: { secretArn: secretOf("feed"), secretKeyArn: FOREIGN_KEY } },
      },
    },
    notifications: {
      webhooks: [{ name: "team", kind: "slack", secretArn: secretOf("slack"), secretKeyArn: FOREIGN_KEY }],
    },
    pages: { web: { ...pagesWeb, keySecretKeyArn: FOREIGN_KEY } },
  });
  return { name, roles, grants: grantsOf(roles) };
});

describe.each(deployed)("the boundary, $name", ({ roles, grants }) => {
  test("has each grant of the stacks' roles within it, action and resource", () => {
    const outside = grants.filter((grant) => !isAllowed(roles.boundary, { ...grant, context: contextOf(grant) }));

    expect(grants.length).toBeGreaterThan(100);
    expect(outside).toEqual([]);
  });

  test("lets nobody decrypt with the state's key, or write what deployments run from", () => {
    const attacks = [
      ...["kms:Decrypt", "kms:GenerateDataKey"].map((action) => ({
        action,
        resource: "arn:aws:kms:eu-central-1:111122223333:key/0a1b",
        context: tags("ResourceTag", "state-backend"),
      })),
      { action: "kms:Decrypt", resource: "arn:aws:kms:eu-central-1:111122223333:key/0a1b", context: {} },
      { action: "s3:PutObject", resource: "arn:aws:s3:::millrace-prod-artifacts-111122223333/lambda/covid.zip" },
      { action: "logs:PutLogEvents", resource: "arn:aws:logs:eu-central-1:111122223333:log-group:/aws/lambda/other" },
      {
        action: "secretsmanager:GetSecretValue",
        resource: "arn:aws:secretsmanager:eu-central-1:111122223333:secret:rds!db-1c2d",
        context: {
          "aws:ResourceTag/aws:rds:primaryDBInstanceArn": "arn:aws:rds:eu-central-1:111122223333:db:millrace-dev-etl",
        },
      },
    ];

    expect(attacks.filter((attack) => isAllowed(roles.boundary, attack))).toEqual([]);
    expect(roles.boundary.filter(({ effect }) => effect === "Deny")).toHaveLength(2);
  });
});

describe("actions of the boundary", () => {
  test("are each granted to a role of some combination", () => {
    const granted = deployed.flatMap(({ grants }) => grants).map(({ action }) => action);
    const limits = deployed
      .flatMap(({ roles }) => roles.boundary)
      .filter(({ effect }) => effect === "Allow")
      .flatMap(({ actions }) => actions);

    expect([...new Set(limits)].filter((limit) => !granted.some((action) => matches(limit, action)))).toEqual([]);
  });
});
