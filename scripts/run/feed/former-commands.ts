import { Command } from "commander";
import { UsageError } from "../../../etl/core/errors";
import { contracts } from "../../../etl/feeds/feeds";

/**
 * What a feed was called before, and what a pipeline of a feed's name would be: each says the command that there is, whatever stands behind it.
 *
 * @param taken names of commands that there are
 */
export function formerCommands(taken: readonly string[]): readonly Command[] {
  const names = new Set(["import", ...contracts.map(({ name }) => name)]);
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

function sayNew(former: string, given: readonly string[]): UsageError {
  const named = former === "import" ? given[given.indexOf("--contract") + 1] : former;
  const name = given.includes("--contract") || former !== "import" ? (named ?? "NAME") : "NAME";
  return new UsageError(`This is npm run etl -- feed ${name} now`, {
    got: [former, ...given].join(" "),
    expected: `feed ${name}, and the options that it had; --contract NAME is the first argument`,
    fix: "npm run etl -- feed --help lists them",
  });
}
