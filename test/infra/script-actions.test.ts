import { scriptCalls, stateCalls, withoutRight } from "./support/provider/script-calls";
import { modifyInstance } from "./support/provider/storage";
import { DeployedRoles, ROLE_KINDS, refused } from "./support/roles";
import { operationsOf, scriptsOf } from "./support/workflow-scripts";

const roles = new DeployedRoles("network create/none, database create", { dataPlan: { rawObjects: 1 } });
/** Every operation of every script that a workflow runs under a role. */
const operations = ROLE_KINDS.flatMap((role) =>
  scriptsOf(role).flatMap((script) => operationsOf(script).map((operation) => ({ role, script, operation }))),
);
const free = ({ operation }: { readonly operation: string }) => Object.hasOwn(withoutRight, operation);

describe("scripts that workflows run", () => {
  test("are found, with what they ask of AWS", () => {
    expect(scriptsOf("deploy")).toContain("scripts/deliver/workflow/smoke-test.ts");
    expect(scriptsOf("destroy")).toEqual(["scripts/deliver/workflow/prepare-destroy.ts", "scripts/destroy.ts"]);
    expect(operationsOf("scripts/destroy.ts")).toEqual([
      "AbortMultipartUpload",
      "DeleteObjects",
      "DescribeDBInstances",
      "DescribeTable",
      "GetCallerIdentity",
      "Invoke",
      "ListMultipartUploads",
      "ListObjectVersions",
      "ModifyDBInstance",
      "PutObject",
      "Scan",
      "UpdateTable",
    ]);
    expect(operationsOf("scripts/deliver/workflow/list-data.ts")).toEqual([
      "DescribeDBSnapshots",
      "ListObjectVersions",
    ]);
  });

  test.each(operations.filter((each) => !free(each)))("may $operation in $script as $role", ({ role, operation }) => {
    const row = scriptCalls[operation];
    const of = row?.onState === true ? roles.callsOnState(row.calls) : undefined;
    const calls = of ?? (row === undefined ? [] : roles.callsOn(row.type, row.calls));

    expect([operation, calls.length > 0]).toEqual([operation, true]);
    expect(refused(roles.statementsOf(role), calls)).toEqual([]);
  });

  test("have no row in the table that none of them needs", () => {
    const needed = operations.map(({ operation }) => operation);

    expect(Object.keys(withoutRight).filter((operation) => !needed.includes(operation))).toEqual([]);
    expect(Object.keys(scriptCalls).filter((operation) => !needed.includes(operation))).toEqual([]);
  });
});

describe("scripts/deliver/workflow/prepare-destroy.ts, which applies with Terraform as destroy", () => {
  test.each([
    ["aws_db_instance", modifyInstance],
    ["aws_dynamodb_table", ["dynamodb:UpdateTable"]],
  ])("may lift the protection of %s", (type, update) => {
    const calls = roles.callsOn(type, update);

    expect(calls.length).toBeGreaterThanOrEqual(update.length);
    expect(refused(roles.statementsOf("destroy"), calls)).toEqual([]);
  });
});

describe("Terraform's states of the deployed stacks", () => {
  test.each(ROLE_KINDS)("are read by %s", (role) => {
    expect(refused(roles.statementsOf(role), roles.callsOnState(stateCalls.read))).toEqual([]);
  });

  test.each(["deploy", "destroy"] as const)("are locked and written by %s", (role) => {
    expect(refused(roles.statementsOf(role), roles.callsOnState(stateCalls.write))).toEqual([]);
  });

  test("are neither locked nor written by plan", () => {
    const writes = roles.callsOnState(stateCalls.write).filter(({ action }) => /Put|Delete|Generate/.test(action));

    expect(writes.length).toBeGreaterThan(10);
    expect(refused(roles.statementsOf("plan"), writes)).toHaveLength(
      new Set(writes.map((call) => JSON.stringify([call.action, call.resource]))).size,
    );
  });
});
