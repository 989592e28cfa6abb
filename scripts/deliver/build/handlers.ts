import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { build, type Plugin } from "esbuild";
import { readAssets } from "../../../etl/report/page/asset-files";
import { sha256 } from "./hash";
import { checkBoundary } from "./layer-boundary";
import { readLayerDependencies, resolveLayerPackages } from "./layer-packages";

/** One function's code, which the stack zips as a Lambda. */
export interface BuiltHandler {
  /** `<pipeline>/<step>`, for example `covid/fetch`. */
  readonly name: string;
  /** Folder with `index.js` and `index.js.map`; the Lambda's handler is `index.handler`. */
  readonly folder: string;
  /** Hex, over both files. */
  readonly sha256: string;
  readonly bytes: number;
  /** False if the existing files already had these bytes; they are not touched then. */
  readonly rewritten: boolean;
}

/**
 * Bundles every `handlers/<pipeline>/<step>.ts` into `<out>/handlers/<pipeline>/<step>/`. The layer's packages and the
 * AWS SDK stay outside. Bundling takes less time than hashing all inputs would, so it is always done, and only changes
 * are written. Folders of removed steps are deleted.
 *
 * @throws MillraceError if a bundle contains a package of the layer, or lacks one.
 */
export async function buildHandlers(root: string, out: string): Promise<readonly BuiltHandler[]> {
  const bundles = await bundleHandlers(root);
  const built = await Promise.all(
    bundles.map(({ name, files }) => writeHandler(name, join(out, "handlers", name), files)),
  );
  await removeOthers(
    join(out, "handlers"),
    bundles.map(({ name }) => name),
  );
  return built;
}

/** The handlers whose built files are missing or outdated. Writes nothing. */
export async function findStaleHandlers(root: string, out: string): Promise<readonly string[]> {
  const bundles = await bundleHandlers(root);
  const present = await Promise.all(bundles.map(({ name, files }) => isPresent(join(out, "handlers", name), files)));
  return bundles.filter((_, index) => !present[index]).map(({ name }) => name);
}

async function bundleHandlers(root: string) {
  const names = await listHandlers(root);
  const external = [...Object.keys(await readLayerDependencies(root)), "@aws-sdk/*"];
  const packages = await resolveLayerPackages(root);
  const layer = { packages: new Set(packages.map((each) => each.name)), sha256: sha256(JSON.stringify(packages)) };
  return Promise.all(names.map(async (name) => ({ name, files: await bundleHandler(root, name, external, layer) })));
}

/** `<pipeline>/<step>` of every handler; files at the top of `handlers/` are shared, and not steps. */
export async function listHandlers(root: string): Promise<readonly string[]> {
  const entries = await readdir(join(root, "handlers"), { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(join(root, "handlers"), join(entry.parentPath, basename(entry.name, ".ts"))))
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => path.split("/").length === 2)
    .sort();
}

/** Pages embed files that a function does not have. */
const pageAssets: Plugin = {
  name: "page-assets",
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]etl[\\/]report[\\/]page[\\/]asset-files\.ts$/ }, () => ({
      contents: `export const readAssets = () => (${JSON.stringify(readAssets())});`,
      loader: "js",
    }));
  },
};

interface BundledFile {
  readonly name: string;
  readonly contents: Uint8Array;
}

async function bundleHandler(
  root: string,
  name: string,
  external: readonly string[],
  layer: { readonly packages: ReadonlySet<string>; readonly sha256: string },
): Promise<readonly BundledFile[]> {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [`handlers/${name}.ts`],
    // For any output folder: paths in comments and in the source map are relative to this one.
    outfile: `dist/handlers/${name}/index.js`,
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node22",
    external: [...external],
    sourcemap: "linked",
    sourcesContent: false,
    legalComments: "none",
    preserveSymlinks: true,
    charset: "utf8",
    logLevel: "silent",
    plugins: [pageAssets],
    // The ledger keeps the bundle's hash: it stands for the layer, too.
    define: { MILLRACE_BUNDLE: JSON.stringify(layer.sha256) },
    metafile: true,
    write: false,
  });
  checkBoundary(name, metafile.inputs, layer.packages);
  return outputFiles.map(({ path, contents }) => ({ name: basename(path), contents }));
}

async function writeHandler(name: string, folder: string, files: readonly BundledFile[]): Promise<BuiltHandler> {
  const rewritten = !(await isPresent(folder, files));
  if (rewritten) {
    await mkdir(folder, { recursive: true });
    await Promise.all(files.map((file) => writeFile(join(folder, file.name), file.contents)));
  }
  return {
    name,
    folder,
    sha256: sha256(Buffer.concat(files.map(({ contents }) => contents))),
    bytes: files.reduce((sum, { contents }) => sum + contents.length, 0),
    rewritten,
  };
}

async function isPresent(folder: string, files: readonly BundledFile[]): Promise<boolean> {
  const present = await Promise.all(files.map((file) => readFile(join(folder, file.name)).catch(() => undefined)));
  return files.every(({ contents }, index) => present[index]?.equals(contents) === true);
}

async function removeOthers(folder: string, names: readonly string[]): Promise<void> {
  const pipelines = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const pipeline of pipelines.filter((entry) => entry.isDirectory())) {
    for (const step of await readdir(join(folder, pipeline.name))) {
      const name = `${pipeline.name}/${step}`;
      if (!names.includes(name)) await rm(join(folder, name), { recursive: true });
    }
  }
}
