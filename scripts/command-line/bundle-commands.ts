import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build, type Plugin, stop } from "esbuild";

/** What is started often: one file each, packages included, begins twice as fast as those hundreds of files. */
const COMMANDS = ["main.ts", "scripts/etl.ts", "scripts/ops.ts", "scripts/run/feed/workers/chunk-worker.ts"];
/** What looks for files of its own, or is native. */
const APART = ["@cdktf/*", "@electric-sql/pglite", "cdktf", "constructs", "esbuild", "pg-native", "tsx"];

/**
 * Makes one file of JavaScript from each command of a checkout, with its source map.
 *
 * @param root the checkout
 * @param outdir where they are written
 * @param place where they lie when they run. Default: outdir
 * @throws Error if they consist of a file that `scripts/start.cjs` does not watch
 */
export async function bundleCommands(root: string, outdir: string, place = outdir): Promise<void> {
  const commands = COMMANDS.map((file) => join(root, file)).filter(existsSync);
  const { metafile } = await build({
    ...{ outdir, outbase: root, format: "cjs", platform: "node", target: "node20", absWorkingDir: root },
    ...{ entryPoints: commands, bundle: true, metafile: true, sourcemap: true, sourcesContent: false, external: APART },
    // A package's UMD asks for its parts by `require` of its own.
    mainFields: ["module", "main"],
    define: { MILLRACE_BUNDLE: '"commands"' },
    plugins: [keepPlaces(root, place)],
    logOverride: { "require-resolve-not-external": "silent" },
  });
  await stop();
  const foreign = Object.keys(metafile.inputs).filter(
    (file) => !/^(?:main\.ts$|(?:config|etl|modules|scripts|stacks)\/)|(?:^|\/)node_modules\//.test(file),
  );
  if (foreign.length > 0) throw new Error(`scripts/start.cjs would not notice a change of ${foreign.join(", ")}`);
}

/**
 * In one file with others, each still knows where its source lies, so that samples and contracts have the same paths however a command is
 * started: ledgers and messages name them. What it starts lies bundled in `place`.
 */
function keepPlaces(root: string, place: string): Plugin {
  return {
    name: "keep-places",
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const folder = dirname(path);
        const bundled = join(place, relative(root, folder));
        const contents = readFileSync(path, "utf8")
          .replaceAll(/\b__dirname\b/g, JSON.stringify(folder))
          .replaceAll(/\brequire\.resolve\("(\.[^"]+)"\)/g, (_, file) => JSON.stringify(join(bundled, `${file}.js`)));
        return { contents, loader: "ts" };
      });
    },
  };
}
