import { prod } from "../../config/prod";
import { keptAddresses } from "./support/addresses";
import type { Block } from "./support/block";
import { combinations, everyPipeline } from "./support/combinations";
import { someBackend, synthesize } from "./support/synthesize";

/** What AWS knows a resource by: another one there means that it is made anew ("Force new resource", the provider's docs). */
const NAMES = ["name", "function_name", "alarm_name", "group_name", "key"];

function namesOf({ address, type, arguments: given }: Block): readonly string[] {
  const fixed = type === "aws_security_group" ? [...NAMES, "description"] : NAMES;
  return fixed.flatMap((argument) =>
    typeof given[argument] === "string" ? [`${address} ${argument} ${given[argument]}`] : [],
  );
}

// The lists are those of the version that had `pipelines.import`: there is no reason to change one.
describe.each(combinations.filter(({ network }) => network === "network create/none"))(
  "a feed that was pipelines.import, $database",
  ({ database, overrides }) => {
    const { etl } = synthesize({
      environment: prod,
      overrides: { ...overrides, ...everyPipeline },
      backend: someBackend,
    });

    it("keeps the name of all that was deployed, at its address", () => {
      const names = etl
        .resources()
        .filter(({ address }) => address.includes("import"))
        .flatMap(namesOf)
        .sort();

      expect(names.length).toBeGreaterThan(40);
      expect(names).toEqual(keptAddresses(`names-of-import-${database.replaceAll(" ", "-")}`, names));
    });

    it("keeps the outputs", () => {
      const outputs = Object.keys(etl.outputs()).filter((name) => name.includes("import"));

      expect(outputs).toEqual([
        ...(database === "database create" ? [] : ["database_rule_millrace_prod_import_steps"]),
        "import_state_machine_arn",
      ]);
    });
  },
);
