import { renderForTerminal } from "../../../../../../scripts/deliver/plan-review/render/render-terminal";
import { reviewStack } from "../../../../../../scripts/deliver/plan-review/review-stack";
import type { StackPlan } from "../../../../../../scripts/deliver/plan-review/stack-plan";
import { recordedPlan } from "../../../../../support/plans/recorded-plans";

const render = (...plans: readonly StackPlan[]) => renderForTerminal(plans.map((plan) => reviewStack(plan)));

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
    expect(text).toMatch(/^Without etl, which cannot be planned yet$/m);
  });

  test("is a line for a stack in which nothing changes", () => {
    expect(render(recordedPlan("empty"))).toMatch(/^etl: none, \d+ unchanged\nCost while idle: no change$/);
  });
});
