import { prod } from "../../config/prod";
import { oldAddresses } from "./support/addresses";
import { combinations, everyPipeline } from "./support/combinations";
import { keptNames } from "./support/kept-names";
import { someBackend, synthesize } from "./support/synthesize";

/**
 * The lists are those of the version that had `pipelines.import` (commit f12fd36): there is no reason to change one but that a later
 * version is to destroy something. That Terraform replaces nothing was shown once: docs/decisions.md.
 */
describe.each(combinations.filter(({ network }) => network === "network create/none"))(
  "an upgrade from the version of pipelines.import, $database",
  ({ database, overrides }) => {
    const stacks = synthesize({
      environment: prod,
      overrides: { ...overrides, ...everyPipeline },
      backend: someBackend,
    });
    const { etl } = stacks;

    test.each([
      ["network", "upgrade-network"],
      ["etl", `upgrade-etl-${database.replaceAll(" ", "-")}`],
    ] as const)("keeps what is deployed at its address, by its name: %s", (stack, list) => {
      const names = keptNames(stacks[stack].resources());
      const kept = oldAddresses(list);

      expect(kept.length).toBeGreaterThan(stack === "etl" ? 200 : 10);
      expect(kept.filter((line) => !names.includes(line))).toEqual([]);
    });

    test("keeps the outputs", () => {
      const outputs = Object.keys(etl.outputs()).filter((name) => name.includes("import"));

      expect(outputs).toEqual([
        ...(database === "database create" ? [] : ["database_rule_millrace_prod_import_steps"]),
        "import_state_machine_arn",
      ]);
    });
  },
);
