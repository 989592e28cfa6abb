import { forgottenAttributes, plannedChanges } from "../../support/plan-changes";

const rule = {
  address: "aws_vpc_security_group_egress_rule.a",
  mode: "managed",
  type: "aws_vpc_security_group_egress_rule",
};

function plan(actions: string[], before: object | null, after: object | null, after_unknown: object = {}) {
  return { resource_changes: [{ ...rule, change: { actions, before, after, after_unknown } }] };
}

describe("plannedChanges", () => {
  test("leaves out what moto forgets, and says so", () => {
    // Prepare
    const update = plan(["update"], { description: null, port: 1 }, { description: "S3", port: 1 });

    // Act
    const changes = plannedChanges(update);

    // Assess
    expect(changes).toEqual([]);
    expect(forgottenAttributes(update)).toEqual(["aws_vpc_security_group_egress_rule.description"]);
  });

  test("keeps any other attribute, a resource that is replaced, and a value that is not known yet", () => {
    // Act
    const changes = [
      ...plannedChanges(plan(["update"], { description: null, port: 1 }, { description: "S3", port: 2 })),
      ...plannedChanges(plan(["delete", "create"], { description: "a" }, { description: "b" })),
      ...plannedChanges(plan(["update"], { arn: "a" }, {}, { arn: true })),
    ];

    // Assess
    expect(changes).toMatchObject([
      { action: "update", attributes: ["port"] },
      { action: "delete, create", attributes: ["description"] },
      { action: "update", attributes: ["arn"] },
    ]);
  });

  test("data sources and untouched resources are no changes", () => {
    // Act
    const changes = plannedChanges(plan(["no-op"], { port: 1 }, { port: 1 }));

    // Assess
    expect(changes).toEqual([]);
  });
});
