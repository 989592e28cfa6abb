import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as z from "zod";
import { sha256 } from "./hash";
import { readLayerFiles } from "./layer-files";
import { type LayerPackage, resolveLayerPackages } from "./layer-packages";
import { zipFiles } from "./zip";

const stamp = z.object({ inputs: z.string(), sha256: z.string(), unzippedBytes: z.int() });
type Stamp = z.output<typeof stamp>;

/** The layer's zip: built, or up to date. */
export interface BuiltLayer {
  /** `<out>/layer/runtime.zip`. */
  readonly path: string;
  /** Hex, of the zip. */
  readonly sha256: string;
  readonly bytes: number;
  /** Sum of its files, which counts against Lambda's 250 MB for a function and its layers. */
  readonly unzippedBytes: number;
  /** False if the existing zip was made from the same inputs. */
  readonly rebuilt: boolean;
}

/**
 * Builds the layer that every handler shares from the packages that `npm ci` installed, so that it needs no network and
 * one lockfile applies to tests and deployment. The same lockfile gives the same bytes.
 *
 * @throws MillraceError if the packages are not the lockfile's, or unfit for a layer.
 */
export async function buildLayer(root: string, out: string): Promise<BuiltLayer> {
  const { path, stampPath } = placesOf(out);
  const packages = await resolveLayerPackages(root);
  const inputs = await hashInputs(root, packages);
  const present = await findPresent(out, inputs);
  if (present !== undefined) return present;

  const files = (await Promise.all(packages.map((each) => readLayerFiles(root, each)))).flat();
  const zip = zipFiles(files);
  const unzippedBytes = files.reduce((sum, [, bytes]) => sum + bytes.length, 0);
  const made: Stamp = { inputs, sha256: sha256(zip), unzippedBytes };
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, zip);
  await writeFile(stampPath, `${JSON.stringify(made, null, 2)}\n`);
  return { path, ...made, bytes: zip.length, rebuilt: true };
}

/** Whether the layer is missing, or was made from other inputs. Writes nothing. */
export async function isLayerStale(root: string, out: string): Promise<boolean> {
  const inputs = await hashInputs(root, await resolveLayerPackages(root));
  return (await findPresent(out, inputs)) === undefined;
}

async function findPresent(out: string, inputs: string): Promise<BuiltLayer | undefined> {
  const { path, stampPath } = placesOf(out);
  const known = await readStamp(stampPath);
  const zip = await readFile(path).catch(() => undefined);
  if (known?.inputs !== inputs || zip === undefined || sha256(zip) !== known.sha256) return undefined;
  return { path, ...known, bytes: zip.length, rebuilt: false };
}

function placesOf(out: string) {
  return { path: join(out, "layer/runtime.zip"), stampPath: join(out, "layer/runtime.json") };
}

/**
 * Over the packages as locked and over this build's own sources: a new rule about files to leave out makes a new layer.
 */
async function hashInputs(root: string, packages: readonly LayerPackage[]): Promise<string> {
  const sources = (await readdir(__dirname)).filter((name) => name.endsWith(".ts")).sort();
  const texts = await Promise.all(sources.map((name) => readFile(join(__dirname, name), "utf8")));
  const { dependencies } = z
    .object({ dependencies: z.object({ fflate: z.string() }) })
    .parse(JSON.parse(await readFile(join(root, "package.json"), "utf8")));
  return sha256(JSON.stringify([packages, dependencies.fflate, texts]));
}

async function readStamp(path: string): Promise<Stamp | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  return text === undefined ? undefined : stamp.safeParse(JSON.parse(text)).data;
}
