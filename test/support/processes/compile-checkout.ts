import { cpSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { bundleCommands } from "../../../scripts/command-line/bundle-commands";

const PARTS = ["config", "etl", "scripts"];

/**
 * A checkout's commands as JavaScript, file by file: what tsx makes of them at each start, made once. Hundreds of commands
 * begin twice as fast.
 *
 * @param root the checkout
 * @returns outdir
 */
export async function compileCheckout(root: string, outdir: string): Promise<string> {
  const entryPoints = PARTS.flatMap((part) =>
    readdirSync(join(root, part), { recursive: true, encoding: "utf8" })
      .filter((file) => /(?<!\.d)\.ts$/.test(file))
      .map((file) => join(root, part, file)),
  );
  await build({
    ...{ outdir, outbase: root, entryPoints, format: "cjs", platform: "node", target: "node20" },
    // What is imported only where it is needed has no extension, which Node asks for in an import().
    supported: { "dynamic-import": false },
  });
  for (const part of [...PARTS, "samples"]) {
    const isNotCode = (path: string) => !path.endsWith(".ts");
    cpSync(join(root, part), join(outdir, part), { recursive: true, filter: isNotCode });
  }
  symlinkSync(join(root, "node_modules"), join(outdir, "node_modules"));
  await bundleCommands(root, outdir);
  return outdir;
}
