import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import manifest from "../../../../../package.json";
import { readLayerDependencies, resolveLayerPackages } from "../../../../../scripts/deliver/build/layer-packages";

type Locked = Readonly<Record<string, unknown>>;

describe("resolveLayerPackages", () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "millrace-layer-"));
  });

  afterEach(() => rm(root, { recursive: true }));

  test("finds what a package needs where Node would", async () => {
    // Prepare
    await writeProject(root, {
      layer: { a: "1.0.0" },
      locked: {
        "node_modules/a": locked({ dependencies: { b: "^2.0.0" }, optionalDependencies: { absent: "*", c: "*" } }),
        "node_modules/a/node_modules/b": locked({
          version: "2.0.0",
          peerDependencies: { c: "*", never: "*" },
          peerDependenciesMeta: { never: { optional: true } },
        }),
        "node_modules/b": locked({ version: "1.0.0" }),
        "node_modules/c": locked({ version: "3.0.0" }),
      },
    });

    // Act
    const packages = await resolveLayerPackages(root);

    // Assess
    expect(packages.map(({ path, version }) => `${path} ${version}`)).toEqual([
      "node_modules/a 1.0.0",
      "node_modules/a/node_modules/b 2.0.0",
      "node_modules/c 3.0.0",
    ]);
  });

  test.each<[string, Locked, string]>([
    ["needs a package that is not locked", { dependencies: { b: "*" } }, "b is not in package-lock.json"],
    ["has an install script", { hasInstallScript: true }, "not plain JavaScript: got an install script"],
    ["is for one processor", { cpu: ["x64"] }, "not plain JavaScript: got packages for x64"],
    ["brings the AWS SDK", { dependencies: { "@aws-sdk/core": "*" } }, "The layer would hold @aws-sdk/core"],
  ])("refuses a package that %s", async (_, facts, message) => {
    // Prepare
    await writeProject(root, {
      layer: { a: "1.0.0" },
      locked: { "node_modules/a": locked(facts), "node_modules/@aws-sdk/core": locked() },
    });

    // Act and assess
    await expect(resolveLayerPackages(root)).rejects.toThrow(message);
  });

  test("refuses a version that is not the project's own", async () => {
    // Prepare
    await writeProject(root, {
      layer: { a: "1.0.1" },
      project: { a: "1.0.0" },
      locked: { "node_modules/a": locked() },
    });

    // Act and assess
    await expect(resolveLayerPackages(root)).rejects.toThrow(
      "The layer and the project disagree on a: got 1.0.1 in layers/runtime/package.json, expected 1.0.0",
    );
  });
});

describe("layers/runtime", () => {
  const root = join(__dirname, "../../../../..");

  test("names the project's own versions, Powertools at one and the same", async () => {
    // Act
    const dependencies = await readLayerDependencies(root);

    // Assess
    expect(manifest.dependencies).toMatchObject(dependencies);
    const powertools = Object.entries(dependencies).filter(([name]) => name.startsWith("@aws-lambda-powertools/"));
    expect(powertools.length).toBeGreaterThanOrEqual(3);
    expect(new Set(powertools.map(([, version]) => version)).size).toBe(1);
  });

  test("holds what its packages need, and no part of the AWS SDK", async () => {
    // Act
    const names = (await resolveLayerPackages(root)).map(({ name }) => name);

    // Assess
    expect(names).toEqual(expect.arrayContaining(["pg", "pg-types", "@aws-lambda-powertools/commons"]));
    expect(names.filter((name) => /^@(aws-sdk|smithy)\//.test(name))).toEqual([]);
  });
});

function locked(facts: Locked = {}): Locked {
  return { version: "1.0.0", integrity: "sha512-AAAA", ...facts };
}

interface Project {
  readonly layer: Readonly<Record<string, string>>;
  /** The root's dependencies. Default: the layer's. */
  readonly project?: Readonly<Record<string, string>>;
  readonly locked: Readonly<Record<string, Locked>>;
}

async function writeProject(root: string, { layer, project = layer, locked: packages }: Project): Promise<void> {
  await mkdir(join(root, "layers/runtime"), { recursive: true });
  await writeFile(join(root, "layers/runtime/package.json"), JSON.stringify({ dependencies: layer }));
  const lock = { lockfileVersion: 3, packages: { "": { dependencies: project }, ...packages } };
  await writeFile(join(root, "package-lock.json"), JSON.stringify(lock));
}
