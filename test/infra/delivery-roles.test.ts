import { App } from "cdktf";
import { overrideConfig } from "../../config/load";
import type { Overrides } from "../../config/overrides";
import { prod } from "../../config/prod";
import { GithubOidc } from "../../modules/delivery/github-oidc";
import { addStacks } from "../../stacks/app";
import { withoutTraces } from "../../stacks/without-traces";
import { withoutHashes } from "./support/account";
import { pagesWeb, quicksight } from "./support/pages-web";
import type { Policy, PolicyStatement } from "./support/policies";
import { someBackend, synthesize, synthesizeConstruct } from "./support/synthesize";

/** Whatever adds to a policy, switched on; its secrets and key are as long as the configuration lets them be. */
const everything = {
  project: "p".repeat(16),
  environment: "e".repeat(12),
  budget: { monthlyUsd: 100 },
  dataPlan: { rawObjects: 3 },
  pages: { web: pagesWeb, quicksight },
  retention: { revisionDays: 730 },
  notifications: {
    webhooks: Array.from({ length: 4 }, (_, at) => ({
      name: `team${at}`,
      kind: "slack",
      secretArn: `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${String(at).padEnd(307, "x")}-AbCdEf`,
    })),
  },
  feeds: {
    sales: {
      source: { bucket: "b".repeat(63), keyArn: "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd" },
    },
  },
};
const FOREIGN_KEY = "arn:aws:kms:eu-central-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const overrides = { github: { repository: "octo-org/millrace" } };
const stacks = synthesize({ environment: prod, overrides, backend: someBackend });
const stack = stacks["state-backend"];

function trustOf(role: string): PolicyStatement | undefined {
  const [policy] = stack.policies().filter(({ place }) => place.startsWith(`aws_iam_role.delivery_${role}_role`));
  expect(policy?.statements).toHaveLength(1);
  return policy?.statements[0];
}

function statementsOf(role: string, kind: string): readonly PolicyStatement[] {
  const place = new RegExp(`^data\\.aws_iam_policy_document\\.delivery_${role}_${kind}-document_\\w+$`);
  const [document, ...others] = stack.policies().filter((policy) => place.test(policy.place));
  expect(others).toEqual([]);
  return document?.statements ?? [];
}

const actionsOf = (statements: readonly PolicyStatement[]) => statements.flatMap(({ actions }) => actions);

describe("the callers that may assume a role", () => {
  test.each([
    ["plan", ["repo:octo-org/millrace:pull_request", "repo:octo-org/millrace:ref:refs/heads/main"]],
    ["deploy", ["repo:octo-org/millrace:environment:prod"]],
    ["destroy", ["repo:octo-org/millrace:environment:prod-destroy"]],
  ])("of %s: exactly %j", (role, subjects) => {
    expect(trustOf(role)).toMatchObject({
      actions: ["sts:AssumeRoleWithWebIdentity"],
      principals: [expect.stringMatching(/:oidc-provider\/token\.actions\.githubusercontent\.com$/)],
      conditions: {
        StringEquals: {
          "token.actions.githubusercontent.com:aud": ["sts.amazonaws.com"],
          "token.actions.githubusercontent.com:sub": subjects,
        },
      },
    });
  });

  const subjectsWith = (github: Overrides) => {
    const overrides = { github: { repository: "octo-org/millrace", ...github } };
    const { "state-backend": changed } = synthesize({ environment: prod, overrides });
    const trusts = changed.policies().filter(({ place }) => place.startsWith("aws_iam_role.delivery_"));
    return trusts.flatMap(({ statements }) =>
      statements.flatMap(
        ({ conditions }) => conditions.StringEquals?.["token.actions.githubusercontent.com:sub"] ?? [],
      ),
    );
  };
  const of = (repository: string) =>
    ["pull_request", "ref:refs/heads/main", "environment:prod", "environment:prod-destroy"].map(
      (place) => `repo:${repository}:${place}`,
    );
  const immutable = of("octo-org@583231/millrace@1296269");

  test("is checked by GitHub's ids, once they are known", () => {
    const ids = { ownerId: 583231, repositoryId: 1296269 };

    expect(subjectsWith({}).sort()).toEqual(of("octo-org/millrace").sort());
    expect(subjectsWith(ids).sort()).toEqual([...immutable].sort());
    expect(subjectsWith({ ...ids, legacySubject: true }).sort()).toEqual(
      [...immutable, ...of("octo-org/millrace")].sort(),
    );
  });

  test("is said at synth where the ids are not", () => {
    const infos = (github: Overrides) => {
      const app = new App();
      withoutTraces(() => addStacks(app, overrideConfig(prod, { github })));
      return app.node.findAll().flatMap(({ node }) => node.metadata.filter(({ type }) => type === "@cdktf/info"));
    };
    const text = expect.stringMatching(/github\.ownerId and github\.repositoryId are not set.*--ask-github/);

    expect(infos({})).toContainEqual(expect.objectContaining({ data: text }));
    expect(infos({ ownerId: 1, repositoryId: 2 })).not.toContainEqual(expect.objectContaining({ data: text }));
  });

  test.each(["repo:o/*:pull_request", "repo:o/r:*", "repo:o/r:environment:$x", "repo:o/r:ref:refs/heads/?"])(
    "never is %s",
    (subject) => {
      const trust = () =>
        synthesizeConstruct((scope) => new GithubOidc(scope, "github", { provider: "create" }).trust([subject]));

      expect(trust).toThrow(RangeError);
    },
  );

  test("waits for the provider, which is made or looked up", () => {
    const existing = synthesize({ overrides: { github: { oidcProvider: "existing" } } })["state-backend"];

    expect(stack.only("aws_iam_openid_connect_provider")).toMatchObject({ client_id_list: ["sts.amazonaws.com"] });
    expect(existing.resources("aws_iam_openid_connect_provider")).toHaveLength(0);
    expect(existing.dataSources("aws_iam_openid_connect_provider")).toHaveLength(1);
    for (const { arguments: role } of existing.resources("aws_iam_role")) {
      expect(role.depends_on).toEqual([expect.stringMatching(/^data\.aws_iam_openid_connect_provider\./)]);
    }
  });
});

describe("state", () => {
  const paths = (role: string, action: string) =>
    statementsOf(role, "granted")
      .filter(({ actions }) => actions.includes(action))
      .flatMap(({ resources }) => resources)
      .map((resource) => resource.replace(/^\$\{.*\}\//, ""))
      .sort();

  test("of what it plans is read by plan, which writes neither states nor locks", () => {
    expect(paths("plan", "s3:GetObject")).toEqual(["millrace/prod/etl.tfstate", "millrace/prod/network.tfstate"]);
    expect(actionsOf(statementsOf("plan", "granted")).sort()).toEqual([
      "dynamodb:GetItem",
      "kms:Decrypt",
      "s3:GetObject",
      "s3:ListBucket",
    ]);
  });

  test.each(["deploy", "destroy"])(
    "is written by %s for network and etl only, never for the backend itself",
    (role) => {
      const states = ["millrace/prod/etl.tfstate", "millrace/prod/network.tfstate"];
      const locks = states.map((state) => `${state}.tflock`);

      // A rehearsal keeps its export beside the states, and can read none.
      const exports = role === "destroy" ? ["millrace/prod/exports/*"] : [];
      expect(paths(role, "s3:PutObject")).toEqual([...states, ...locks, ...exports].sort());
      expect(paths(role, "s3:GetObject")).toEqual([...states, ...locks].sort());
      expect(paths(role, "s3:DeleteObject")).toEqual(locks);
    },
  );

  test("has digests that plan reads, and digests and locks that the others write", () => {
    const items = (role: string, action: string) =>
      statementsOf(role, "granted")
        .filter(({ actions }) => actions.includes(action))
        .flatMap(({ conditions }) => conditions["ForAllValues:StringEquals"]?.["dynamodb:LeadingKeys"] ?? [])
        .map((item) => item.replace(/^.*\/prod\//, ""))
        .sort();
    const digests = ["etl.tfstate-md5", "network.tfstate-md5"];

    expect(items("plan", "dynamodb:GetItem")).toEqual(digests);
    for (const role of ["deploy", "destroy"]) {
      expect([role, items(role, "dynamodb:PutItem")]).toEqual([
        role,
        ["etl.tfstate", "network.tfstate", ...digests].sort(),
      ]);
    }
  });

  test.each(["deploy", "destroy"])("has a key that %s cannot change, whatever else it may do with keys", (role) => {
    const [denied, ...others] = statementsOf(role, "granted").filter(({ effect }) => effect === "Deny");

    expect(others).toEqual([]);
    expect(denied?.resources).toEqual([expect.stringMatching(/^\$\{aws_kms_key\.state_key_\w+\.arn\}$/)]);
    expect(denied?.conditions).toEqual({});
    expect(denied?.actions).toEqual(
      expect.arrayContaining(["kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource"]),
    );
  });
});

describe("what a role may do", () => {
  test("of plan changes nothing and reads no data", () => {
    const actions = actionsOf(statementsOf("plan", "read"));

    // ViewBudget is the one right to read that AWS Budgets knows.
    expect(actions.filter((action) => !/:(Describe|Get|List|Validate|Decrypt|ViewBudget$)/.test(action))).toEqual([]);
    expect(actions).not.toContain("secretsmanager:GetSecretValue");
    expect(
      statementsOf("plan", "read")
        .filter((statement) => statement.actions.includes("s3:GetObject"))
        .flatMap(({ resources }) => resources),
    ).toEqual([expect.stringMatching(/:s3:::millrace-prod-artifacts-\*\/\*$/)]);
  });

  test("of deploy makes no role without the boundary, and passes roles to our services only", () => {
    const statements = statementsOf("deploy", "write-identities");
    const of = (action: string) => statements.filter(({ actions }) => actions.includes(action));

    for (const action of ["iam:CreateRole", "iam:PutRolePolicy"]) {
      expect(of(action)).toMatchObject([
        { conditions: { StringEquals: { "iam:PermissionsBoundary": [expect.any(String)] } } },
      ]);
    }
    expect(of("iam:PassRole")).toMatchObject([
      { conditions: { StringEquals: { "iam:PassedToService": expect.any(Array) } } },
    ]);
  });

  test("of deploy empties no bucket; of destroy makes nothing, but the last snapshot", () => {
    const data = actionsOf(statementsOf("deploy", "remove"));
    const destroyed = ["read", "remove", "granted"]
      .flatMap((kind) => statementsOf("destroy", kind))
      .filter(({ effect }) => effect === "Allow");

    expect(data).not.toContain("s3:ListBucketVersions");
    expect(actionsOf(statementsOf("destroy", "remove"))).toContain("s3:ListBucketVersions");
    expect(actionsOf(destroyed).filter((action) => /:(Create|Run|Allocate|Authorize)/.test(action))).toEqual([
      "rds:CreateDBSnapshot",
    ]);
  });

  test("fits into IAM's 6,144 characters a policy (10,240 within a role), and 10 policies a role, with all there is and the longest names", () => {
    const stacks = synthesize({ environment: prod, overrides: everything, backend: someBackend });
    const { "state-backend": long } = stacks;
    const documents = long.policies().filter(({ type }) => type === "aws_iam_policy_document");
    const inline = [stacks.network, stacks.etl].flatMap((stack) =>
      stack.policies().filter(({ type }) => type === "aws_iam_role_policy"),
    );
    const tooLong = (policies: readonly Policy[], most: number) =>
      policies.filter(({ statements }) => lengthOf(statements) >= most).map(({ place }) => place);
    const attached = ["plan", "deploy", "destroy"].map(
      (role) => long.named("aws_iam_role_policy_attachment", `delivery_${role}_`).length,
    );

    expect([documents.length > 15, inline.length > 20]).toEqual([true, true]);
    expect(tooLong(documents, 6144)).toEqual([]);
    expect(tooLong(inline, 10_240)).toEqual([]);
    expect(attached.filter((policies) => policies < 3 || policies > 10)).toEqual([]);
  });
});

/** As Terraform writes a policy and IAM counts it, with every reference as long as it can be. */
function lengthOf(statements: readonly PolicyStatement[]): number {
  const single = (values: readonly string[]) => (values.length === 1 ? values[0] : values);
  const document = statements.map(({ effect, actions, resources, conditions }) => ({
    Effect: effect,
    Action: single(actions),
    Resource: single(resources),
    ...(Object.keys(conditions).length > 0 && { Condition: conditions }),
  }));
  return JSON.stringify({ Version: "2012-10-17", Statement: document })
    .replaceAll(/\$\{data\.aws_caller_identity\.[^}]*\}/g, "1".repeat(12))
    .replaceAll(/\$\{data\.aws_region\.[^}]*\}/g, "ap-southeast-1")
    .replaceAll(/\$\{data\.aws_partition\.[^}]*\}/g, "aws-us-gov")
    .replaceAll(/\$\{[^}]*\}/g, "x".repeat(80)).length;
}

describe("raw objects for data plans", () => {
  const statements = (rawObjects: number) => {
    const feeds = { sales: {}, readings: { source: { bucket: "acme-raw", prefix: "in/", keyArn: FOREIGN_KEY } } };
    const { "state-backend": stack } = synthesize({ overrides: { feeds, dataPlan: { rawObjects } } });
    return stack
      .policies()
      .filter(({ place }) => /^data\.aws_iam_policy_document\.delivery_(plan|deploy|destroy)_/.test(place))
      .flatMap(({ place, statements }) => statements.map((statement) => ({ place, ...statement })));
  };

  test("are the plan role's to read, below the prefixes of covid and of deployed feeds, only if the configuration says so", () => {
    const [before, after] = [statements(0), statements(3)];
    const added = after.filter((one) => !before.some((other) => JSON.stringify(other) === JSON.stringify(one)));

    expect(added.map(({ place }) => place.includes("delivery_plan_granted"))).not.toContain(false);
    expect(
      added
        .flatMap(({ actions, resources }) => actions.map((action) => `${action} ${resources.map(withoutHashes)}`))
        .sort(),
    ).toEqual([
      `kms:Decrypt ${FOREIGN_KEY}`,
      "s3:GetObject arn:aws:s3:::acme-raw/in/*",
      "s3:GetObject arn:aws:s3:::millrace-dev-incoming-111122223333/sales/*",
      "s3:GetObject arn:aws:s3:::millrace-dev-raw-111122223333/covid/cases/*",
      "s3:GetObject arn:aws:s3:::millrace-dev-raw-111122223333/covid/recoveries/*",
      "s3:ListBucket arn:aws:s3:::acme-raw",
    ]);
    expect(before.some(({ resources }) => resources.some((resource) => /covid|acme-raw/.test(resource)))).toBe(false);
  });
});
