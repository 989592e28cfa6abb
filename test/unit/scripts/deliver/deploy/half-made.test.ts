import { halfMade, keepHalfMade, keepTainted } from "../../../../../scripts/deliver/deploy/half-made";
import { parsePlan } from "../../../../../scripts/deliver/plan-review/plan";
import { Terraform } from "../../../../../scripts/deliver/terraform/terraform";
import { FakeProgram } from "../../../../support/fakes/fake-program";

const state = {
  resources: [
    resource("aws_s3_bucket", "raw", "tainted"),
    resource("aws_kms_key", "key"),
    resource("aws_iam_role", "role", "tainted"),
    resource("aws_s3_bucket", "old", "tainted"),
    { ...resource("aws_s3_bucket", "read", "tainted"), mode: "data" },
  ],
};

describe("halfMade", () => {
  test("is what holds data, was not there before, and is marked as tainted", () => {
    const plan = planOf({ raw: "create", key: "create", role: "create", old: "no-op", read: "create" });

    expect(halfMade(state, { stack: "etl", plan })).toEqual(["aws_s3_bucket.raw"]);
  });

  test.each([
    ["was replaced by that deployment: somebody had let its data go, or marked it", "delete,create"],
    ["was changed by it", "update"],
  ])("leaves alone what %s", (_, actions) => {
    expect(halfMade(state, { stack: "etl", plan: planOf({ raw: actions }) })).toEqual([]);
  });

  test("is nothing where there is no state, or no plan", () => {
    expect(halfMade(undefined, { stack: "etl", plan: planOf({ raw: "create" }) })).toEqual([]);
    expect(halfMade(state, { stack: "etl" })).toEqual([]);
  });
});

describe("keepHalfMade", () => {
  test.each([
    [0, "aws_s3_bucket.raw was begun: it is kept, and will be completed"],
    [1, "aws_s3_bucket.raw was begun. To keep it: terraform -chdir=test untaint aws_s3_bucket.raw"],
  ])("asks Terraform to keep what holds data, and says so, or how to, where it ends with %i", async (code, said) => {
    // Prepare
    const answer = `if [ "$1" = state ]; then echo '${JSON.stringify(state)}'; else exit ${code}; fi`;
    const program = new FakeProgram("terraform", answer);
    const terraform = new Terraform("test", { env: { ...process.env, ...program.env } });

    // Act
    const notes = await keepHalfMade(terraform, { stack: "etl", plan: planOf({ raw: "create", role: "create" }) });

    // Assess
    expect(notes).toEqual([said]);
    expect(program.takeCalls()).toEqual(["state pull", "untaint aws_s3_bucket.raw -no-color"]);
    program.remove();
  });
});

test("keepTainted keeps all that holds data and is marked, whenever it was made", async () => {
  const program = new FakeProgram("terraform", `if [ "$1" = state ]; then echo '${JSON.stringify(state)}'; fi`);

  const notes = await keepTainted(new Terraform("test", { env: { ...process.env, ...program.env } }));

  expect(notes).toHaveLength(2);
  expect(program.takeCalls().slice(1)).toEqual([
    "untaint aws_s3_bucket.raw -no-color",
    "untaint aws_s3_bucket.old -no-color",
  ]);
  program.remove();
});

function resource(type: string, name: string, status?: string) {
  return { mode: "managed", type, name, instances: [{ ...(status && { status }), attributes: {} }] };
}

function planOf(actions: Readonly<Record<string, string>>) {
  const resource_changes = Object.entries(actions).map(([name, done]) => {
    const type = name === "key" ? "aws_kms_key" : name === "role" ? "aws_iam_role" : "aws_s3_bucket";
    const change = { actions: done.split(","), before: null, after: null };
    return { address: `${type}.${name}`, mode: "managed", type, name, provider_name: "aws", change };
  });
  return parsePlan({ format_version: "1.2", resource_changes }, "test");
}
