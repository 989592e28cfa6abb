import { parsePlan } from "../../../../../../scripts/deliver/plan-review/plan";
import { renderForTerminal } from "../../../../../../scripts/deliver/plan-review/render/render-terminal";
import { reviewStack } from "../../../../../../scripts/deliver/plan-review/review-stack";
import type { StackPlan } from "../../../../../../scripts/deliver/plan-review/stack-plan";
import { recordedPlan } from "../../../../../support/plans/recorded-plans";

const render = (...plans: readonly StackPlan[]) =>
  renderForTerminal(
    plans.map((plan) => reviewStack(plan)),
    plans.flatMap(({ plan }) => plan ?? []),
  );

describe("the review in a terminal", () => {
  test("begins with the data that would be lost, and says what replaces it", () => {
    const lines = render(recordedPlan("replace-database")).split("\n");

    expect(lines.slice(0, 2)).toEqual(["CAUTION", "Data would be lost."]);
    expect(lines.join("\n")).toMatch(/- etl: aws_db_instance\.\S+ is replaced \(.*\)\. Lost with it: every record/);
  });

  test("shows permissions that change, counts, and no Markdown", () => {
    const text = render(recordedPlan("permissions"));

    expect(text).toContain("Permissions and network rules");
    expect(text).toMatch(/^\+ .*AdministratorAccess$/m);
    expect(text).toMatch(/^etl: .*update.*unchanged$/m);
    expect(text).not.toMatch(/\*\*|```|^>|<details>/m);
  });

  test("counts what is new in place of listing it, and says what waits", () => {
    const waiting = { stack: "etl", waiting: { waits_for: "network", missing_outputs: [] } };

    const text = render({ ...recordedPlan("create"), stack: "network" }, waiting);

    expect(text).toMatch(/^network: 5 create/m);
    expect(text).toMatch(/^Permissions and network rules of \d new resources are not shown here$/m);
    expect(text).toContain("etl: planned once network is deployed");
  });

  test("is a line for a stack in which nothing changes", () => {
    expect(render(recordedPlan("empty"))).toMatch(/^etl: none, \d+ unchanged\nCost while idle: no change$/);
  });
});

describe("what a plan costs", () => {
  const change = (type: string, before: object | null, after: object | null) => ({
    ...{ address: `${type}.x`, mode: "managed", type, name: "x" },
    change: { actions: [before === null ? "create" : after === null ? "delete" : "update"], before, after },
  });
  const dev = [
    change("aws_db_instance", null, {
      ...{ instance_class: "db.t4g.micro", allocated_storage: 20, multi_az: false, manage_master_user_password: true },
    }),
    change("aws_vpc_endpoint", null, { vpc_endpoint_type: "Interface" }),
    change("aws_vpc_endpoint", null, { vpc_endpoint_type: "Gateway" }),
    ...Array.from({ length: 3 }, () => change("aws_kms_key", null, {})),
    ...Array.from({ length: 27 }, () => change("aws_cloudwatch_metric_alarm", null, {})),
  ];
  const costOf = (resource_changes: readonly object[]) =>
    render({ stack: "etl", plan: parsePlan({ format_version: "1.2", resource_changes }, "test") })
      .split("\n")
      .at(-1);

  test("is the table's sum for dev, but for logs and storage", () => {
    expect(costOf(dev)).toBe("Cost while idle: about +34.68 USD a month (us-east-1, docs/costs.md)");
  });

  test("is what a change saves, or names what has no price here", () => {
    const standby = { instance_class: "db.t4g.small", allocated_storage: 20, multi_az: true };

    expect(costOf([change("aws_nat_gateway", {}, null)])).toContain("about -32.85 USD");
    expect(costOf([change("aws_db_instance", standby, { ...standby, multi_az: false })])).toContain("about -25.66 USD");
    expect(costOf([change("aws_db_instance", null, { instance_class: "db.x2g.large" })])).toContain(
      "db.x2g.large, whose price is not known here",
    );
  });

  test("counts resources that Terraform forgets as a continuing cost", () => {
    const instance = { instance_class: "db.t4g.small", allocated_storage: 20 };
    const forgotten = {
      ...change("aws_db_instance", instance, null),
      change: { actions: ["forget"], before: instance },
    };

    expect(costOf([forgotten])).toContain("no change");
  });
});
