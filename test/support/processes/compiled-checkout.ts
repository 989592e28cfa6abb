import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";

const PARTS = ["config", "etl", "scripts"];
/** What tests start hundreds of times: one file each, packages included, begins twice as fast as those hundreds of files. */
const COMMANDS = ["scripts/etl.ts", "scripts/ops.ts", "scripts/run/feed/chunk-worker.ts"];
/** What looks for files of its own, or is native. */
const APART = ["@electric-sql/pglite", "esbuild", "pg-native", "tsx"];

/**
 * A checkout's commands as JavaScript, file by file: what tsx makes of them at each start, made once. Hundreds of commands
 * begin twice as fast.
 *
 * @param root the checkout
 * @param outdir where it is written
 * @returns outdir
 */
export async function compileCheckout(root: string, outdir: string): Promise<string> {
  const entryPoints = PARTS.flatMap((part) =>
    readdirSync(join(root, part), { recursive: true, encoding: "utf8" })
      .filter((file) => /(?<!\.d)\.ts$/.test(file))
      .map((file) => join(root, part, file)),
  );
  const options: BuildOptions = { outdir, outbase: root, format: "cjs", platform: "node", target: "node20" };
  // What is imported only where it is needed has no extension, which Node asks for in an import().
  await build({ ...options, entryPoints, supported: { "dynamic-import": false } });
  for (const part of [...PARTS, "samples"].filter((each) => existsSync(join(root, each)))) {
    const isNotCode = (path: string) => !path.endsWith(".ts");
    cpSync(join(root, part), join(outdir, part), { recursive: true, filter: isNotCode });
  }
  symlinkSync(join(root, "node_modules"), join(outdir, "node_modules"));
  const commands = COMMANDS.map((file) => join(root, file)).filter(existsSync);
  await build({
    ...options,
    entryPoints: commands,
    bundle: true,
    external: APART,
    // A package's UMD asks for its parts by `require` of its own.
    mainFields: ["module", "main"],
    plugins: [keepPlaces(root, outdir)],
    logOverride: { "require-resolve-not-external": "silent" },
  });
  return outdir;
}

/** In one file with others, each still knows where it lies, and what lies beside it. */
function keepPlaces(root: string, outdir: string): Plugin {
  return {
    name: "keep-places",
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const place = join(outdir, relative(root, dirname(path)));
        const contents = readFileSync(path, "utf8")
          .replaceAll(/\b__dirname\b/g, JSON.stringify(place))
          .replaceAll(/\brequire\.resolve\("(\.[^"]+)"\)/g, (_, file) => JSON.stringify(join(place, `${file}.js`)));
        return { contents, loader: "ts" };
      });
    },
  };
}
