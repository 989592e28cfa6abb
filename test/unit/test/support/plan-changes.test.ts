import { forgottenAttributes, plannedChanges } from "../../../support/plans/plan-changes";

const group = { address: "aws_db_parameter_group.a", mode: "managed", type: "aws_db_parameter_group" };

function plan(actions: string[], before: object | null, after: object | null, after_unknown: object = {}) {
  return { resource_changes: [{ ...group, change: { actions, before, after, after_unknown } }] };
}

describe("plannedChanges", () => {
  test("leaves out what moto forgets, and says so", () => {
    // Prepare
    const update = plan(["update"], { parameter: [], port: 1 }, { parameter: ["S3"], port: 1 });

    // Act
    const changes = plannedChanges(update);

    // Assess
    expect(changes).toEqual([]);
    expect(forgottenAttributes(update)).toEqual(["aws_db_parameter_group.parameter"]);
  });

  test("keeps any other attribute, a resource that is replaced, and a value that is not known yet", () => {
    // Act
    const changes = [
      ...plannedChanges(plan(["update"], { parameter: [], port: 1 }, { parameter: ["S3"], port: 2 })),
      ...plannedChanges(plan(["delete", "create"], { parameter: ["a"] }, { parameter: ["b"] })),
      ...plannedChanges(plan(["update"], { arn: "a" }, {}, { arn: true })),
    ];

    // Assess
    expect(changes).toMatchObject([
      { action: "update", attributes: ["port"] },
      { action: "delete, create", attributes: ["parameter"] },
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
