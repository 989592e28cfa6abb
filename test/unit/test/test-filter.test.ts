import { relative, resolve } from "node:path";
import { runProgram } from "../../../scripts/command-line/run-program";

const root = resolve(__dirname, "../../..");

/** The test files that `npm <script> -- <words>` would run, as paths of the project. */
async function listTests(script: readonly string[], words: readonly string[]): Promise<string[]> {
  const { stdout } = await runProgram("npm", ["--silent", ...script, "--", ...words, "--listTests"], { cwd: root });
  const lines = stdout.split("\n").filter((line) => line.endsWith(".test.ts"));
  return lines.map((line) => relative(root, line)).sort();
}

// Words behind `--` must reach jest as paths: an option that takes a list before them would swallow them.
describe("the test commands of CONTRIBUTING.md", () => {
  test.each([
    ["a folder", ["test"], ["test/infra/modules"], /^test\/infra\/modules\//],
    ["two folders", ["test"], ["test/infra", "test/unit/config"], /^test\/(infra|unit\/config)\//],
    ["one end-to-end file", ["run", "test:e2e"], ["test/e2e/feeds.test.ts"], /^test\/e2e\/feeds\.test\.ts$/],
    [
      "a file and a name",
      ["test"],
      ["test/unit/scripts/project/scan/findings.test.ts", "-t", "a b"],
      /^test\/unit\/scripts\/project\/scan\/findings/,
    ],
    ["a name and a file", ["run", "test:e2e"], ["-t", "a b", "test/e2e/feeds.test.ts"], /^test\/e2e\/feeds/],
  ])("%s: runs what is named, and nothing else", async (_what, script, words, named) => {
    // Act
    const files = await listTests(script, words);

    // Assess
    expect(files).not.toEqual([]);
    expect(files.filter((file) => !named.test(file))).toEqual([]);
  });

  test("without a word each takes all of its suites, and none of the other's", async () => {
    // Act
    const [unit, e2e] = [await listTests(["test"], []), await listTests(["run", "test:e2e"], [])];

    // Assess
    expect(new Set(unit.map((file) => file.split("/")[1]))).toEqual(new Set(["infra", "integration", "unit"]));
    expect(new Set(e2e.map((file) => file.split("/")[1]))).toEqual(new Set(["e2e"]));
  });
});
