import { parsePlan } from "../../../../../scripts/deliver/plan-review/plan";
import { renderReview } from "../../../../../scripts/deliver/plan-review/render/render-review";
import { renderForTerminal } from "../../../../../scripts/deliver/plan-review/render/render-terminal";
import { reviewStack } from "../../../../../scripts/deliver/plan-review/review-stack";
import { findPending } from "../../../../../scripts/deliver/workflow/plans/pending-changes";

const before = {
  ...{
    identifier: "feeds",
    instance_class: "db.t4g.micro",
    multi_az: false,
    engine_version: "17",
    apply_immediately: false,
  },
  ...{ maintenance_window: "sun:03:00-sun:04:00", deletion_protection: true },
};
const address = "aws_db_instance.database";

function planOf(changes: object, pending: object = {}) {
  const change = { actions: ["update"], before, after: { ...before, ...changes } };
  const resource = { address, mode: "managed", type: "aws_db_instance", name: "database", change };
  return parsePlan(
    { format_version: "1.2", resource_changes: [resource], pending_changes: { [address]: pending } },
    "test",
  );
}

const review = (changes: object, pending?: object) => reviewStack({ stack: "etl", plan: planOf(changes, pending) });

describe("a change of the database that waits for its maintenance window", () => {
  test("is shown before it is deployed, with its time, in a comment and in a terminal", () => {
    const stack = review({ instance_class: "db.t4g.small", deletion_protection: false });

    const told = /Waits for the maintenance window[\s\S]*instance_class in sun:03:00-sun:04:00 UTC/;
    expect(renderReview("Plan", [stack])).toMatch(told);
    expect(renderForTerminal([stack])).toMatch(told);
    expect(stack.changes.map(({ waits }) => waits)).toEqual(["instance_class in sun:03:00-sun:04:00 UTC"]);
  });

  test.each([
    ["made at once because the configuration says so", { instance_class: "db.t4g.small", apply_immediately: true }],
    ["one that never waits", { deletion_protection: false }],
  ])("is not said of %s", (_, changes) => {
    const stack = review(changes);

    expect(stack.changes).toHaveLength(1);
    expect(renderReview("Plan", [stack])).not.toContain("maintenance window");
  });
});

describe("a change that RDS keeps for its window", () => {
  test.each<[string, object, object]>([
    ["a class", { instance_class: "db.t4g.small" }, { instance_class: "db.t4g.small" }],
    ["a standby", { multi_az: true }, { multi_az: true }],
    ["a version, of which RDS names all", { engine_version: "18" }, { engine_version: "18.1" }],
  ])("%s is no change any more, and no drift", (_, changes, pending) => {
    const { noise, changes: left } = review(changes, pending);

    expect(left).toEqual([]);
    expect(noise.map((change) => change.noise)).toEqual([expect.stringContaining("maintenance window")]);
  });

  test.each<[string, object, object]>([
    ["another value", { instance_class: "db.t4g.large" }, { instance_class: "db.t4g.small" }],
    ["another setting beside it", { multi_az: true, deletion_protection: false }, { multi_az: true }],
    ["one that is now to be made at once", { multi_az: true, apply_immediately: true }, { multi_az: true }],
    ["another version", { engine_version: "18" }, { engine_version: "17.9" }],
  ])("leaves %s as it is", (_, changes, pending) => {
    expect(review(changes, pending).changes).toHaveLength(1);
  });
});

test("RDS is asked for its pending values, only for databases that a plan updates, and they have Terraform's names", async () => {
  const asked: string[] = [];
  const ask = async (identifier: string) => {
    asked.push(identifier);
    return { DBInstanceClass: "db.t4g.small", MultiAZ: false, MasterUserPassword: "****" };
  };
  const still = { actions: ["no-op"], before, after: before };
  const resource = { address: "aws_db_instance.still", mode: "managed", type: "aws_db_instance", name: "still" };
  const idle = parsePlan({ format_version: "1.2", resource_changes: [{ ...resource, change: still }] }, "test");

  expect(await findPending(planOf({ multi_az: true }), ask)).toEqual({
    [address]: { instance_class: "db.t4g.small", multi_az: false },
  });
  expect(await findPending(idle, ask)).toEqual({});
  expect(asked).toEqual(["feeds"]);
});
