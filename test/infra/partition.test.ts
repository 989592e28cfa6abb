import { override } from "../../config/overrides";
import { combinations, everyPipeline } from "./support/combinations";
import { synthesize } from "./support/synthesize";

/** ARNs that somebody wrote down, but for those that the configuration itself was given. */
function fixedArns(content: unknown, given: unknown): readonly string[] {
  const config = JSON.stringify(given);
  const arns = JSON.stringify(content).match(/arn:aws[a-z-]*:[^"\\]*/g) ?? [];
  return arns.filter((arn) => !config.includes(arn));
}

describe("the partition in ARNs", () => {
  test.each([combinations.slice(0, 1), combinations.slice(-1)].flat())(
    "is the account's own, everywhere: $name",
    ({ overrides }) => {
      // Prepare
      const settings = override(everyPipeline, overrides);

      // Act
      const stacks = Object.values(synthesize({ overrides: settings }));

      // Assess
      for (const stack of stacks) {
        const content = [...stack.resources(), ...stack.dataSources()];
        expect(content.length).toBeGreaterThan(0);
        expect(fixedArns([content, stack.outputs()], settings)).toEqual([]);
      }
    },
  );
});

describe("the console that messages of failures lead to", () => {
  test("is that of the account's partition and region", () => {
    const { etl } = synthesize({ overrides: everyPipeline });
    const { locals }: { readonly locals: Readonly<Record<string, string>> } = JSON.parse(etl.text);
    const [[name = "", expression = ""] = []] = Object.entries(locals);
    const machines = etl.resources("aws_sfn_state_machine");
    const definitions = machines.map((machine) => String(machine.arguments.definition));

    expect(expression).toMatch(/^\$\{lookup\(.*, data\.aws_partition\..*\)\}$/);
    for (const host of ["console.amazonaws.cn", "console.amazonaws-us-gov.com", "console.aws.amazon.com"]) {
      expect(expression).toContain(host);
    }
    expect(definitions.length).toBeGreaterThan(0);
    for (const definition of definitions) {
      expect(definition).toContain(`.\${local.${name}}/states/home`);
      expect(definition).not.toMatch(/console\.(aws\.amazon|amazonaws)/);
    }
  });
});
