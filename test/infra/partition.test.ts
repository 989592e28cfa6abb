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
  it.each([combinations.slice(0, 1), combinations.slice(-1)].flat())(
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
