import { join } from "node:path";
import { Command } from "commander";
import { buildHandlers } from "./build/handlers";
import { buildLayer } from "./build/layer";
import { describeArtifacts, exceedsLimit, LIMITS } from "./build/sizes";
import { runCommand } from "./run-command";

const root = join(__dirname, "..");

const command = new Command("build")
  .description("Builds the layer and the handlers that the stacks deploy; the same sources give the same bytes.")
  .option("--out <dir>", "where the artifacts go", join(root, "dist"))
  .action(async ({ out }: { out: string }) => {
    const layer = await buildLayer(root, out);
    const handlers = await buildHandlers(root, out);
    const artifacts = [
      { name: "layer runtime", bytes: layer.bytes, limit: LIMITS.layer, sha256: layer.sha256, changed: layer.rebuilt },
      ...handlers.map(({ name, bytes, sha256, rewritten }) => ({
        name: `handler ${name}`,
        bytes,
        limit: LIMITS.handler,
        sha256,
        changed: rewritten,
      })),
    ];
    process.stdout.write(describeArtifacts(artifacts));
    if (artifacts.some(exceedsLimit)) process.exitCode = 1;
  });

runCommand(command);
