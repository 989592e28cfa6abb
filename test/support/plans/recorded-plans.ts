import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parsePlan } from "../../../scripts/deliver/plan-review/plan";
import type { StackPlan } from "../../../scripts/deliver/plan-review/stack-plan";

const fixtures = resolve(__dirname, "../../fixtures/plan-review");

/** The file of a plan that test/support/plans/record-plans.ts recorded, or of what stands beside it. */
export function recordedFile(name: string, file = "plan.json"): string {
  return join(fixtures, name, file);
}

/** A recorded plan, as the etl stack's. */
export function recordedPlan(name: string): StackPlan {
  const file = recordedFile(name);
  return { stack: "etl", plan: parsePlan(JSON.parse(readFileSync(file, "utf8")), file) };
}
