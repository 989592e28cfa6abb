import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Metafile } from "esbuild";
import { listHandlers } from "../build/handlers";
import { locate } from "../build/layer-packages";
import type { Checkout } from "./checkout";

const FEEDS = "etl/feeds/feeds.ts";

/** All that the code of a pipeline or feed consists of. */
export interface Parts {
  /** From the checkout's root. */
  readonly files: ReadonlySet<string>;
  /** Packages and what they need, as `name@version` of the lockfile. */
  readonly packages: ReadonlySet<string>;
}

/** The parts of each pipeline and feed of a checkout, by name: what its handlers import, followed to the end. */
export async function readParts(checkout: Checkout): Promise<ReadonlyMap<string, Parts>> {
  const { root, feeds } = checkout;
  const handlers = (await listHandlers(root)).map((name) => `handlers/${name}.ts`);
  const { metafile } = await build({
    ...{ absWorkingDir: root, entryPoints: handlers, bundle: true, platform: "node", packages: "external" },
    ...{ metafile: true, write: false, outdir: "out", logLevel: "silent" },
  });
  const lock = readLock(root);
  const of = (pipeline: string, left: readonly string[] = []) => {
    const entries = handlers.filter((path) => path.startsWith(`handlers/${pipeline}/`));
    return follow(metafile, entries, new Set(left), lock);
  };
  const contracts = feeds.map(({ file }) => file).filter((file) => file !== FEEDS);
  return new Map([
    ...["covid", "orders"].map((name) => [name, of(name)] as const),
    ...feeds.map(
      ({ name, file }) =>
        [
          name,
          of(
            "feed",
            contracts.filter((other) => other !== file),
          ),
        ] as const,
    ),
  ]);
}

function follow({ inputs }: Metafile, entries: readonly string[], left: ReadonlySet<string>, lock: Lock): Parts {
  const [files, names] = [new Set<string>(), new Set<string>()];
  const visit = (path: string) => {
    if (files.has(path) || left.has(path)) return;
    files.add(path);
    for (const { path: imported, external } of inputs[path]?.imports ?? []) {
      if (external !== true) visit(imported);
      else names.add(packageOf(imported));
    }
  };
  for (const entry of entries) visit(entry);
  return { files, packages: withNeeds(names, lock) };
}

function packageOf(path: string): string {
  return path
    .split("/")
    .slice(0, path.startsWith("@") ? 2 : 1)
    .join("/");
}

type Locked = Readonly<Record<"version", string | undefined>> &
  Readonly<
    Partial<Record<"dependencies" | "optionalDependencies" | "peerDependencies", Readonly<Record<string, string>>>>
  >;
type Lock = Readonly<Record<string, Locked>>;

function readLock(root: string): Lock {
  const file = join(root, "package-lock.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : {};
}

/** Packages, and what they need, as `name@version`. */
function withNeeds(names: Iterable<string>, lock: Lock): ReadonlySet<string> {
  const found = new Map<string, string>();
  const visit = (name: string, from: string) => {
    const path = locate(lock, name, from);
    if (path === undefined || found.has(path)) return;
    const { version, dependencies, optionalDependencies, peerDependencies } = lock[path] as Locked;
    found.set(path, `${name}@${version}`);
    for (const needed of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }))
      visit(needed, path);
  };
  for (const name of names) visit(name, "");
  return new Set(found.values());
}
