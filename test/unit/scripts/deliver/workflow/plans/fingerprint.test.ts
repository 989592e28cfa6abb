import { readFileSync } from "node:fs";
import { parsePlan } from "../../../../../../scripts/deliver/plan-review/plan";
import { fingerprintOf } from "../../../../../../scripts/deliver/workflow/plans/fingerprint";
import { recordedFile, recordedPlan } from "../../../../../support/plans/recorded-plans";

const changed = (name: string, from: string, to: string) => {
  const text = readFileSync(recordedFile(name), "utf8");
  expect(text).toContain(from);
  return { stack: "etl", plan: parsePlan(JSON.parse(text.replaceAll(from, to)), "test") };
};

describe("the fingerprint of plans", () => {
  test("stays if only unplanned parts or the time differ", () => {
    const later = changed("replace-database", "2026-11-21T00:00:00Z", "2027-01-01T00:00:00Z");

    expect(fingerprintOf([later])).toBe(fingerprintOf([recordedPlan("replace-database")]));
    expect(fingerprintOf([changed("update", "millrace-dev-raw-of-updates", "other")])).toBe(
      fingerprintOf([recordedPlan("update")]),
    );
  });

  test.each([
    ["update", '"visibility_timeout_seconds":60', '"visibility_timeout_seconds":90'],
    ["sensitive", "swordfish-after", "swordfish-other"],
    ["update", '"after":"beta"', '"after":"gamma"'],
    ["destroy-bucket", '"actions":["delete"]', '"actions":["no-op"]'],
  ])("of %s is another one with %s as %s", (name, from, to) => {
    expect(fingerprintOf([changed(name, from, to)])).not.toBe(fingerprintOf([recordedPlan(name)]));
  });

  test("stays when Terraform lists the same changes in another order", () => {
    const plan = JSON.parse(readFileSync(recordedFile("create"), "utf8"));
    const turned = { ...plan, resource_changes: [...plan.resource_changes].reverse() };

    expect(plan.resource_changes.length).toBeGreaterThan(1);
    expect(fingerprintOf([{ stack: "etl", plan: parsePlan(turned, "test") }])).toBe(
      fingerprintOf([{ stack: "etl", plan: parsePlan(plan, "test") }]),
    );
  });

  test("is another one while a stack waits, and tells nothing of a secret", () => {
    const waiting = { stack: "etl", waiting: { waits_for: "network", missing_outputs: [] } };

    expect(fingerprintOf([waiting])).not.toBe(fingerprintOf([recordedPlan("empty")]));
    expect(fingerprintOf([recordedPlan("sensitive")])).toMatch(/^[0-9a-f]{64}$/);
  });
});
