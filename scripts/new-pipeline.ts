import { Command } from "commander";
import { UsageError } from "../etl/core/errors";
import { runCommand } from "./command-line/run-command";

const command = new Command("npm run new-pipeline --")
  .description("Retired, and always fails: a new job is a feed, which `npm run new-feed` makes.")
  .allowUnknownOption()
  .argument("[arguments...]")
  .action((given: readonly string[]) => {
    throw new UsageError("A new job is now a feed", {
      got: ["new-pipeline", ...given].join(" "),
      expected: "npm run new-feed -- NAME, which has what a new pipeline had: a schedule, and runs for new objects",
      fix: "npm run new-feed -- --help; docs/upkeep.md, Upgrades, says what to do with an existing pipeline",
    });
  });

runCommand(command);
