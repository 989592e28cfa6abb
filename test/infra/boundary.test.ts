import { prod } from "../../config/prod";
import { combinations, everyPipeline } from "./support/combinations";
import { matches } from "./support/iam";
import type { Policy } from "./support/policies";
import { someBackend, synthesize } from "./support/synthesize";
import type { Template } from "./support/template";

describe("the boundary", () => {
  it.each(combinations)("covers what roles of the stacks need: $name", ({ overrides: combination }) => {
    const all = synthesize({
      environment: prod,
      overrides: { ...combination, ...everyPipeline },
      backend: someBackend,
    });
    const limits = policiesOf(all["state-backend"], /^data\.aws_iam_policy_document\.delivery_boundary/)
      .flatMap(({ statements }) => statements)
      .flatMap(({ actions }) => actions);
    const needed = [all.network, all.etl]
      .flatMap((template) => policiesOf(template, /^aws_iam_role_policy\./))
      .flatMap(({ statements }) => statements)
      .flatMap(({ actions }) => actions);

    expect(needed.length).toBeGreaterThan(10);
    expect([...new Set(needed)].filter((action) => !limits.some((limit) => matches(limit, action)))).toEqual([]);
  });
});

function policiesOf(template: Template, place: RegExp): readonly Policy[] {
  return template.policies().filter((policy) => place.test(policy.place));
}
