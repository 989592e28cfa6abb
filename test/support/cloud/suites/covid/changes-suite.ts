import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { type PlannedChange, plannedChanges, planOf } from "../../../plans/plan-changes";
import { copyWithChangedHandler } from "../../../processes/changed-sources";
import { callCloud } from "../../call-cloud";
import { ACCOUNT } from "../../roles/emulated-roles";
import type { CovidCloud } from "./covid-cloud";

const MINUTES = 60_000;
/** A stack's JSON, as far as a test changes it. */
const synthesized = z.looseObject({
  resource: z.looseObject({ aws_budgets_budget: z.record(z.string(), z.looseObject({})) }),
});

/** What another deployment would change. */
export function changesSuite(getWorld: () => CovidCloud): void {
  test(
    "a changed handler updates its own function only, and an unchanged one none",
    async () => {
      const world = getWorld();
      // Prepare
      const copy = join(world.cloud.folder, "changed");
      await copyWithChangedHandler(copy, "covid/fetch");

      // Act
      await world.deployment.build(copy);
      const changed = plannedChanges(await planOf(world.administrator, "etl"));
      await world.deployment.build();
      const unchanged = plannedChanges(await planOf(world.administrator, "etl"));

      // Assess
      expect(functionsOf(changed)).toEqual([expect.stringContaining("covid_fetch")]);
      expect(changed.every(({ address }) => address.includes("covid_fetch"))).toBe(true);
      expect(unchanged).toEqual([]);
    },
    5 * MINUTES,
  );

  test(
    "a budget of another amount is the same budget, changed",
    async () => {
      const world = getWorld();
      // Prepare: what synthesis would write for another amount.
      const etl = world.deployer.terraform("etl");
      const file = join(etl.folder, "cdk.tf.json");
      const stack = synthesized.parse(JSON.parse(readFileSync(file, "utf8")));
      const [[name, budget] = ["none", {}]] = Object.entries(stack.resource.aws_budgets_budget);
      const body = { AccountId: ACCOUNT, BudgetName: "millrace-dev-monthly" };
      const target = "AWSBudgetServiceGateway.DescribeBudget";

      // Act
      budget.limit_amount = "120";
      writeFileSync(file, JSON.stringify(stack));
      const { output } = await etl.apply("-refresh=false", `-target=aws_budgets_budget.${name}`);
      const told = await (await callCloud(world.cloud, { service: "budgets", target, body })).json();

      // Assess
      expect(output).toContain("Apply complete! Resources: 0 added, 1 changed, 0 destroyed.");
      expect(told).toMatchObject({ Budget: { BudgetLimit: { Amount: "120", Unit: "USD" } } });
    },
    5 * MINUTES,
  );
}

function functionsOf(changes: readonly PlannedChange[]): readonly string[] {
  return changes.filter(({ type }) => type === "aws_lambda_function").map(({ address }) => address);
}
