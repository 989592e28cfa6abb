import { appendFile, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProjectCopy } from "../../support/processes/project-copy";

describe("npm run build", () => {
  let folder: string;
  let copy: ProjectCopy;
  let built: Readonly<Record<string, string>>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "millrace-build-"));
    copy = await ProjectCopy.at(join(folder, "first"));
    const outcome = await copy.build("Pacific/Kiritimati");
    expect(outcome).toMatchObject({ exitCode: 0, stderr: "" });
    built = await copy.artifacts();
  });

  afterAll(() => rm(folder, { recursive: true }));

  test("makes the layer, and a bundle with its source map for each step", () => {
    expect(Object.keys(built)).toEqual(
      expect.arrayContaining([
        "handlers/covid/fetch/index.js",
        "handlers/covid/fetch/index.js.map",
        "handlers/covid/load/index.js",
        "handlers/covid/load/index.js.map",
        "layer/runtime.zip",
      ]),
    );
  });

  test("gives the same bytes in another directory and time zone", async () => {
    // Prepare
    const elsewhere = await ProjectCopy.at(join(folder, "deeper/than the/first"));

    // Act
    await elsewhere.build("America/Los_Angeles");

    // Assess
    expect(await elsewhere.artifacts()).toEqual(built);
  });

  test("touches nothing when nothing changed", async () => {
    // Prepare
    const before = await modified(copy, built);

    // Act
    const { stdout } = await copy.build();

    // Assess
    expect(await modified(copy, built)).toEqual(before);
    expect(stdout.trim().split("\n")).toEqual(stdout.match(/^.*unchanged$/gm));
  });

  test("makes the page on which a sender checks a file, of a feed by name, and of no other", async () => {
    const [made, unknown, file] = [
      await copy.build("UTC", ["--doorstep", "sales"]),
      await copy.build("UTC", ["--doorstep", "sale"]),
      await copy.build("UTC", ["--doorstep", "sales", "--out", "package.json"]),
    ];
    const page = await readFile(join(copy.root, "dist/doorstep/sales.html"), "utf8");
    await rm(join(copy.root, "dist/doorstep"), { recursive: true });
    expect(made).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/sales\.html is written: \d+ KiB/) });
    expect(page).toContain("<h1>Check a file of sales</h1>");
    expect(unknown).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('got "sale", expected sales, readings'),
    });
    expect(file.exitCode).toBe(2);
    expect(file.stderr).toMatch(/^error: .*'package\.json' is invalid\. this is a file: name another folder/);
  });

  test("changes the output of the one handler whose source changed", async () => {
    // Prepare
    await appendFile(join(copy.root, "handlers/covid/load.ts"), 'export const more = "more";\n');

    // Act
    const { stdout } = await copy.build();

    // Assess
    const changed = await copy.artifacts();
    expect(Object.keys(built).filter((path) => changed[path] !== built[path])).toEqual([
      "handlers/covid/load/index.js",
      "handlers/covid/load/index.js.map",
    ]);
    expect(stdout.match(/^.*built$/gm)).toHaveLength(1);
  });

  test("exits with 1 when an artifact is over its limit, and removes what has no source any more", async () => {
    // Prepare
    const step = join(copy.root, "handlers/large/step.ts");
    await mkdir(join(copy.root, "handlers/large"));
    await writeFile(step, `export const handler = () => ${JSON.stringify("x".repeat(800_000))};`);

    // Act
    const over = await copy.build();
    await rm(step);
    const within = await copy.build();

    // Assess
    expect(over).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/handler large\/step .*OVER THE LIMIT/) });
    expect(within.exitCode).toBe(0);
    expect(Object.keys(await copy.artifacts())).toEqual(Object.keys(built));
  });

  test.each([
    ["pg-types", "it from the layer"],
    ["@smithy/core/serde", "it from the Lambda runtime"],
  ])("refuses a handler that bundles its own %s", async (name, expected) => {
    // Prepare
    const step = join(copy.root, "handlers/covid/own.ts");
    await writeFile(step, `import * as own from "${name}";\nexport const handler = () => own;`);

    // Act
    const outcome = await copy.build().finally(() => rm(step));

    // Assess
    expect(outcome).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("handlers/covid/own.ts bundles") });
    expect(outcome.stderr).toContain(expected);
  });
});

async function modified(copy: ProjectCopy, artifacts: Readonly<Record<string, string>>): Promise<number[]> {
  const paths = Object.keys(artifacts).map((path) => join(copy.root, "dist", path));
  return Promise.all(paths.map(async (path) => (await stat(path)).mtimeMs));
}
