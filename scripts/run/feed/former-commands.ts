import { Command } from "commander";
import { UsageError } from "../../../etl/core/errors";
import { contracts } from "../../../etl/feeds/feeds";

/**
 * A feed's former commands, and a pipeline with a feed's name: each names the present command, whatever arguments
 * follow.
 *
 * @param taken names of existing commands
 */
export function formerCommands(taken: readonly string[]): readonly Command[] {
  const names = new Set(contracts.map(({ name }) => name));
  return [...names]
    .filter((name) => !taken.includes(name))
    .map((former) =>
      new Command(former)
        .allowUnknownOption()
        .argument("[arguments...]")
        .action((given: readonly string[]) => {
          throw sayNew(former, given);
        }),
    );
}

/** What to call in place of a former command. */
export function sayNew(former: string, given: readonly string[]): UsageError {
  const named = former === "import" ? given[given.indexOf("--contract") + 1] : former;
  const name = given.includes("--contract") || former !== "import" ? (named ?? "NAME") : "NAME";
  return new UsageError(`This is npm run etl -- feed ${name} now`, {
    got: [former, ...given].join(" "),
    expected: `feed ${name}, with the same options; --contract NAME is the first argument`,
    fix: "npm run etl -- feed --help lists them",
  });
}
