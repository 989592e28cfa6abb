import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { type BuildOptions, build, type Plugin, stop } from "esbuild";

const PARTS = ["config", "etl", "scripts"];
/** What is started often: one file each, packages included, begins twice as fast as those hundreds of files. */
const COMMANDS = ["scripts/etl.ts", "scripts/ops.ts", "scripts/run/feed/chunk-worker.ts"];
/** What looks for files of its own, or is native. */
const APART = ["@electric-sql/pglite", "esbuild", "pg-native", "tsx"];

/**
 * A checkout's commands as JavaScript, file by file: what tsx makes of them at each start, made once. Hundreds of commands
 * begin twice as fast.
 *
 * @param root the checkout
 * @param outdir where it is written
 * @param place where it lies when it runs. Default: outdir
 * @returns outdir
 */
export async function compileCheckout(root: string, outdir: string, place = outdir): Promise<string> {
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
  const packages = join(root, "node_modules");
  if (!place.startsWith(packages)) symlinkSync(packages, join(outdir, "node_modules"));
  const commands = COMMANDS.map((file) => join(root, file)).filter(existsSync);
  const { metafile } = await build({
    ...options,
    entryPoints: commands,
    bundle: true,
    metafile: true,
    absWorkingDir: root,
    sourcemap: true,
    sourcesContent: false,
    external: APART,
    // A package's UMD asks for its parts by `require` of its own.
    mainFields: ["module", "main"],
    plugins: [keepPlaces(root, place)],
    logOverride: { "require-resolve-not-external": "silent" },
  });
  await stop();
  const foreign = Object.keys(metafile.inputs).filter(
    (file) => !/^(?:config|etl|scripts)\/|(?:^|\/)node_modules\//.test(file),
  );
  if (foreign.length > 0) throw new Error(`scripts/start.cjs would not notice a change of ${foreign.join(", ")}`);
  return outdir;
}

/**
 * In one file with others, each still knows where its source lies, so that samples and contracts have the same paths however a command is
 * started: ledgers and messages name them. What it starts lies compiled in `place`.
 */
function keepPlaces(root: string, place: string): Plugin {
  return {
    name: "keep-places",
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const folder = dirname(path);
        const compiled = join(place, relative(root, folder));
        const contents = readFileSync(path, "utf8")
          .replaceAll(/\b__dirname\b/g, JSON.stringify(folder))
          .replaceAll(/\brequire\.resolve\("(\.[^"]+)"\)/g, (_, file) => JSON.stringify(join(compiled, `${file}.js`)));
        return { contents, loader: "ts" };
      });
    },
  };
}
