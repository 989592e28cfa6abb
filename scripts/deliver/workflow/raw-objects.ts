import { Command } from "commander";
import { loadConfig } from "../../../config/load";
import { runCommand } from "../../command-line/run-command";

const command = new Command("npx tsx scripts/deliver/workflow/raw-objects.ts")
  .description(
    "Prints objects=N, N dataPlan.rawObjects of ENVIRONMENT: without any, a pull request's data are compared on samples only, and no role " +
      "is taken for that.",
  )
  .action(() => console.log(`objects=${loadConfig().dataPlan.rawObjects}`));

runCommand(command);
