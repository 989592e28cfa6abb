import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readLayerFiles } from "../../../../../scripts/deliver/build/layer-files";

const MANIFEST = JSON.stringify({ name: "a", version: "1.0.0" });
const PACKAGE = { path: "node_modules/a", name: "a", version: "1.0.0", integrity: "sha512-AAAA" };

describe("readLayerFiles", () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "millrace-files-"));
  });

  afterEach(() => rm(root, { recursive: true }));

  test("takes what Node may load and the licence, and nothing else", async () => {
    // Prepare
    await install({
      "package.json": MANIFEST,
      LICENSE: "free",
      "index.js": "code",
      "lib/module.cjs": "code",
      "lib/test/part.js": "code",
      "lib/table.json": "{}",
      "index.d.ts": "type",
      "index.js.map": "map",
      "src/index.ts": "source",
      "README.md": "text",
      ".eslintrc.js": "settings",
      "test/index.js": "test",
      "docs/page.js": "page",
      "node_modules/b/index.js": "another package",
    });

    // Act
    const files = await readLayerFiles(root, PACKAGE);

    // Assess
    const paths = ["LICENSE", "index.js", "lib/module.cjs", "lib/table.json", "lib/test/part.js", "package.json"];
    expect(files.map(([path]) => path).sort()).toEqual(paths.map((path) => `nodejs/node_modules/a/${path}`));
  });

  test("refuses native code", async () => {
    await install({ "package.json": MANIFEST, "build/addon.node": "machine code" });
    await expect(readLayerFiles(root, PACKAGE)).rejects.toThrow("The layer would hold native code: a/build/addon.node");
  });

  test.each([
    ["another version", JSON.stringify({ version: "1.0.1" }), "got 1.0.1, expected 1.0.0"],
    ["nothing", undefined, "got none, expected 1.0.0"],
  ])("refuses to build when %s is installed", async (_, manifest, message) => {
    await install(manifest === undefined ? {} : { "package.json": manifest });
    await expect(readLayerFiles(root, PACKAGE)).rejects.toThrow(message);
  });

  async function install(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, content] of Object.entries(files)) {
      const target = join(root, PACKAGE.path, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, content);
    }
  }
});
