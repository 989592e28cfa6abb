import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { MillraceError } from "../../../etl/core/errors";
import type { LayerPackage } from "./layer-packages";
import type { ArchiveFile } from "./zip";

/** Never loaded by Node: type declarations, TypeScript sources, source maps, documents, examples of data. */
const NEEDLESS_FILE =
  /(\.([cm]?ts|tsx|map|md|markdown|html|css|csv|flow|ya?ml)|^\.[^/]*|^(bower|deno|jsr|tsconfig)[^/]*\.json)$/i;
/** Left out only at a package's top, where the package cannot load `test`. */
const NEEDLESS_FOLDER = /^(tests?|__tests__|docs?|examples?|bench(marks?)?|\.[^/]*)$/i;
const NATIVE_CODE = /\.(node|so|dylib|dll)$/i;
const installed = z.object({ version: z.string() });

/**
 * The files of one package in the layer, under `nodejs/`, including licences.
 *
 * @throws MillraceError if the installed version is not the lockfile's, or if there is native code.
 */
export async function readLayerFiles(root: string, layerPackage: LayerPackage): Promise<readonly ArchiveFile[]> {
  const folder = join(root, layerPackage.path);
  await refuseOtherVersion(folder, layerPackage);
  const paths = await listFiles(folder, "");
  return Promise.all(
    paths.map(async (path) => {
      if (NATIVE_CODE.test(path)) {
        throw new MillraceError(`The layer would hold native code: ${layerPackage.name}/${path}`, {
          expected: "plain JavaScript, which runs on arm64 no matter where it was built",
        });
      }
      return [`nodejs/${layerPackage.path}/${path}`, await readFile(join(folder, path))] as const;
    }),
  );
}

async function listFiles(folder: string, below: string): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const lists = await Promise.all(
    entries.map(async (entry) => {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isFile()) return NEEDLESS_FILE.test(entry.name) ? [] : [path];
      if (!entry.isDirectory() || entry.name === "node_modules") return [];
      return below === "" && NEEDLESS_FOLDER.test(entry.name) ? [] : listFiles(folder, path);
    }),
  );
  return lists.flat();
}

async function refuseOtherVersion(folder: string, { name, version }: LayerPackage): Promise<void> {
  const text = await readFile(join(folder, "package.json"), "utf8").catch(() => '{"version":"none"}');
  const found = installed.parse(JSON.parse(text)).version;
  if (found !== version) {
    throw new MillraceError(`${name} is not installed as locked`, {
      got: found,
      expected: version,
      fix: "Run npm ci",
    });
  }
}
