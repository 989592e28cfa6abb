import { join } from "node:path";
import { Command } from "commander";
import { runCommand } from "./command-line/run-command";
import { userPath } from "./command-line/user-path";
import { buildArtifacts } from "./deliver/build/artifacts";
import { describeArtifacts, exceedsLimit } from "./deliver/build/sizes";

const root = join(__dirname, "..");

const command = new Command("build")
  .description("Builds the layer and the handlers that the stacks deploy; the same sources give the same bytes.")
  .option("--out <dir>", "folder for the artifacts", userPath, join(root, "dist"))
  .action(async ({ out }: { out: string }) => {
    const artifacts = await buildArtifacts(root, out);
    process.stdout.write(describeArtifacts(artifacts));
    if (artifacts.some(exceedsLimit)) process.exitCode = 1;
  });

runCommand(command);
