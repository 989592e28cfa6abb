import { resolve } from "node:path";
import { Command } from "commander";
import { MillraceError } from "../etl/core/errors";
import { cacheFolder } from "./cloud/environment/cache-folder";
import { runCommand } from "./command-line/run-command";
import { outputFolder } from "./command-line/user-path";
import { AXES } from "./project/axis/axes";
import { checkAxis } from "./project/axis/check-axis";

const root = resolve(__dirname, "..");

const command = new Command("npm run axis --")
  .description(
    "Tries possible next steps, each in a scratch copy of this checkout: AWS provider 6 and the fork " +
      "cdktn. The synthesised stacks must stay the same. Needs only npm.",
  )
  .option(
    "--out <dir>",
    "keep the stacks that AWS provider 6 synthesises in a folder, for terraform validate",
    outputFolder,
  )
  .action(async ({ out }: { out?: string }) => {
    const say = (text: string) => console.log(`axis: ${text}`);
    for (const axis of AXES) {
      const options = { root, cache: cacheFolder(), say, out: axis.tests && out ? resolve(out) : undefined };
      const problems = await checkAxis(axis, options);
      if (problems.length === 0) continue;
      throw new MillraceError(`With ${axis.title} something else changes:\n  ${problems.join("\n  ")}\n`, {
        fix: "docs/upkeep.md, Upgrades, lists each step's changes. Fix this, or add the change there",
      });
    }
  });

runCommand(command);
