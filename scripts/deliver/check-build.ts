import { dirname, join, resolve } from "node:path";
import { Command } from "commander";
import { loadConfig } from "../../config/load";
import { MillraceError } from "../../etl/core/errors";
import { runCommand } from "../command-line/run-command";
import { findStaleHandlers } from "./build/handlers";
import { isLayerStale } from "./build/layer";

const root = resolve(__dirname, "../..");

const command = new Command("npx tsx scripts/deliver/check-build.ts")
  .description(
    "Exits with 1 unless the build matches the sources. cdktf.json runs it before every synthesis of the " +
      "bare cdktf, which would deploy an old build, or fail on a missing one, without saying why.",
  )
  .action(async () => {
    // Beside cdktf's output folder, where the stacks expect it.
    const outdir = process.env.CDKTF_OUTDIR ?? join(root, "cdktf.out");
    const out = join(dirname(resolve(outdir)), loadConfig().artifacts.directory);
    const stale = [
      ...((await isLayerStale(root, out)) ? ["the layer"] : []),
      ...(await findStaleHandlers(root, out)).map((name) => `the handler ${name}`),
    ];
    if (stale.length === 0) return;
    throw new MillraceError(`The build does not match the sources: missing or outdated: ${stale.join(", ")}`, {
      where: { source: out },
      fix: "Run `npm run deploy`, which builds first, or `npm run build` and the same command again",
    });
  });

runCommand(command);
