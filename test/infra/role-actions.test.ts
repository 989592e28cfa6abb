import { matches } from "./support/iam";
import { callTable } from "./support/provider/call-table";
import { scriptCalls, stateCalls } from "./support/provider/script-calls";
import { DeployedRoles, type Part, refused } from "./support/roles";

const deployed = [
  "network create/none, database create",
  "network create/nat, database create",
  "network existing, database existing",
].map((name) => ({ name, roles: new DeployedRoles(name) }));

const parts = {
  plan: ["read"],
  deploy: ["make", "settle", "read", "update", "remove"],
  destroy: ["read", "remove"],
} as const satisfies Readonly<Record<string, readonly Part[]>>;

describe.each(deployed)("the life of all resources, $name", ({ roles }) => {
  const calls = roles.lifeCalls();

  test.each(["plan", "deploy", "destroy"] as const)(
    "is allowed to the %s role, as far as it takes part in it",
    (role) => {
      const own = calls.filter(({ part }) => (parts[role] as readonly Part[]).includes(part));

      expect(own.length).toBeGreaterThan(100);
      expect(refused(roles.statementsOf(role), own)).toEqual([]);
    },
  );

  test("is only read by the plan role", () => {
    const changes = calls.filter(({ part }) => part !== "read");
    const readsToo = new Set(calls.filter(({ part }) => part === "read").map(({ action }) => action));
    const lines = changes.filter(({ action }) => !readsToo.has(action) && !action.startsWith("kms:"));

    // Lambda reads the artifact's version in the name of who deploys; a plan reads artifacts, too.
    const harmless =
      /^(s3:GetObjectVersion|s3:ListBucketVersions|lambda:GetFunctionConfiguration|iam:ListInstance|ec2:Describe)/;
    expect(refused(roles.statementsOf("plan"), lines).length).toBeGreaterThan(50);
    expect(
      lines
        .filter(({ action }) => !harmless.test(action))
        .filter((call) => refused(roles.statementsOf("plan"), [call]).length === 0),
    ).toEqual([]);
  });
});

describe("the table of calls", () => {
  test("has no row that no stack needs", () => {
    const types = new Set(
      deployed.flatMap(({ roles: { stacks } }) =>
        [stacks.network, stacks.etl].flatMap((template) => [
          ...template.resources().map(({ type }) => type),
          ...template.dataSources().map(({ type }) => `data.${type}`),
        ]),
      ),
    );

    expect(Object.keys(callTable).filter((type) => !types.has(type))).toEqual([]);
  });

  test("explains every action that the roles may do, together with scripts and Terraform's state", () => {
    const other = [...Object.values(scriptCalls).flatMap((row) => row.calls), ...stateCalls.read, ...stateCalls.write];
    const calls = [
      ...deployed.flatMap(({ roles }) => roles.lifeCalls()),
      ...other.map((call) => (typeof call === "string" ? { action: call } : call)),
    ];
    const granted = new Set(
      deployed.flatMap(({ roles }) =>
        (["deploy", "destroy"] as const).flatMap((role) =>
          roles
            .statementsOf(role)
            .filter(({ effect }) => effect === "Allow")
            .flatMap(({ actions }) => actions),
        ),
      ),
    );

    expect([...granted].filter((pattern) => !calls.some(({ action }) => matches(pattern, action)))).toEqual([]);
  });
});
