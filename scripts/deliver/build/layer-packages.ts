import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { MillraceError } from "../../../etl/core/errors";

const dependencies = z.record(z.string(), z.string()).default({});
const lockedPackage = z.object({
  version: z.string(),
  integrity: z.string(),
  dependencies,
  optionalDependencies: dependencies,
  peerDependencies: dependencies,
  peerDependenciesMeta: z.record(z.string(), z.object({ optional: z.boolean().default(false) })).default({}),
  hasInstallScript: z.boolean().default(false),
  cpu: z.array(z.string()).optional(),
  os: z.array(z.string()).optional(),
});
const lockfile = z.object({ lockfileVersion: z.literal(3), packages: z.record(z.string(), z.unknown()) });
const manifest = z.object({ dependencies: z.record(z.string(), z.string()) });

/** The AWS SDK and its parts: Lambda includes them, and in a layer their versions would mix. */
const OF_THE_RUNTIME = /^(@aws-sdk|@smithy|@aws-crypto)\//;

/** Whether Lambda's Node runtime has the package. */
export function isOfRuntime(name: string): boolean {
  return OF_THE_RUNTIME.test(name);
}

/** A package of the layer, at its place in the root's node_modules. */
export interface LayerPackage {
  /** Path below the project's root and below the layer's `nodejs/`, for example `node_modules/pg`. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** The tarball's hash, as verified by npm. */
  readonly integrity: string;
}

/** The packages that `layers/runtime/package.json` names, with their versions. */
export async function readLayerDependencies(root: string): Promise<Readonly<Record<string, string>>> {
  return manifest.parse(await readJson(join(root, "layers/runtime/package.json"))).dependencies;
}

/**
 * All packages of the layer: its dependencies and their dependencies, as the root's package-lock.json resolved them.
 *
 * @throws MillraceError when the two manifests disagree, when a package is not plain JavaScript, or when one is
 * part of the AWS SDK.
 */
export async function resolveLayerPackages(root: string): Promise<readonly LayerPackage[]> {
  const { packages } = lockfile.parse(await readJson(join(root, "package-lock.json")));
  const rootVersions = manifest.parse(packages[""]).dependencies;
  const found = new Map<string, LayerPackage>();

  for (const [name, version] of Object.entries(await readLayerDependencies(root))) {
    if (rootVersions[name] !== version) {
      throw new MillraceError(`The layer and the project disagree on ${name}`, {
        got: `${version} in layers/runtime/package.json`,
        expected: `${rootVersions[name] ?? "a dependency"} of package.json`,
        fix: "Name the same exact version in both",
      });
    }
    collect(name, "package.json", "");
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));

  function collect(name: string, neededBy: string, from: string): void {
    const path = locate(packages, name, from);
    if (path === undefined) {
      throw new MillraceError(`${name} is not in package-lock.json`, {
        expected: `it there, because ${neededBy} needs it`,
        fix: "Run npm install",
      });
    }
    if (found.has(path)) return;
    const locked = lockedPackage.parse(packages[path]);
    refuseUnfit(name, locked);
    found.set(path, { path, name, version: locked.version, integrity: locked.integrity });
    for (const needed of Object.keys(locked.dependencies)) collect(needed, name, path);
    for (const peer of Object.keys(locked.peerDependencies)) {
      if (!locked.peerDependenciesMeta[peer]?.optional) collect(peer, name, path);
    }
    for (const optional of Object.keys(locked.optionalDependencies)) {
      if (locate(packages, optional, path) !== undefined) collect(optional, name, path);
    }
  }
}

/** Node's own search: beside the requiring package, then beside each of its parents. */
export function locate(packages: Readonly<Record<string, unknown>>, name: string, from: string): string | undefined {
  const path = from === "" ? `node_modules/${name}` : `${from}/node_modules/${name}`;
  if (packages[path] !== undefined) return path;
  if (from === "") return undefined;
  const parent = from.lastIndexOf("/node_modules/");
  return locate(packages, name, parent === -1 ? "" : from.slice(0, parent));
}

function refuseUnfit(name: string, locked: z.output<typeof lockedPackage>): void {
  if (isOfRuntime(name)) {
    throw new MillraceError(`The layer would hold ${name}`, {
      expected: "no part of the AWS SDK: the Lambda runtime includes it, and /opt would shadow that",
      fix: "Leave out the package that needs it, or bundle that package with its handler",
    });
  }
  if (locked.hasInstallScript || locked.cpu !== undefined || locked.os !== undefined) {
    throw new MillraceError(`The layer would hold ${name}, which is not plain JavaScript`, {
      got: locked.hasInstallScript ? "an install script" : `packages for ${platforms(locked)}`,
      expected: "the same files on every platform: the layer is built by copying",
    });
  }
}

function platforms({ os = [], cpu = [] }: z.output<typeof lockedPackage>): string {
  return [...os, ...cpu].join(", ");
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, "utf8"));
}
