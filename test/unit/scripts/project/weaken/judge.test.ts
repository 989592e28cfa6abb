import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../../../../../scripts/command-line/run-program";
import { ScratchCopy } from "../../../../../scripts/project/weaken/copy";
import { judge } from "../../../../../scripts/project/weaken/judge";
import { joinGates, sample } from "../../../../../scripts/project/weaken/run-gate";

/** A checkout whose one gate, `imports`, looks into its one file. */
describe("a weakening", () => {
  let checkout: string;
  let copy: ScratchCopy;
  beforeAll(async () => {
    checkout = mkdtempSync(join(tmpdir(), "weakened-"));
    const gate =
      "node -e \"if (!require('fs').readFileSync('door.txt','utf8').includes('locked')) throw Error('the door is open')\"";
    mkdirSync(join(checkout, "node_modules"));
    writeFileSync(join(checkout, ".gitignore"), "node_modules\n");
    writeFileSync(join(checkout, "package.json"), JSON.stringify({ scripts: { imports: gate } }));
    writeFileSync(join(checkout, "door.txt"), "door: locked\nwindow: shut\nwindow: shut\n");
    await runProgram("git", ["init", "--quiet"], { cwd: checkout });
    copy = await ScratchCopy.of(checkout);
  });
  afterAll(() => {
    copy?.remove();
    rmSync(checkout, { recursive: true });
  });

  const open = { name: "an open door", file: "door.txt", find: "locked", replace: "ajar" };
  const gate = { script: "imports" } as const;

  test("is caught by a gate that fails for it, and is undone after that", async () => {
    const verdict = await judge(copy, { ...open, gate, says: /the door is open/ });

    expect(verdict).toEqual({ name: "an open door", caught: true, reason: "" });
    expect(readFileSync(join(copy.root, "door.txt"), "utf8")).toContain("door: locked");
    expect(readFileSync(join(checkout, "door.txt"), "utf8")).toContain("door: locked");
  });

  test.each([
    ["the gate passes", { find: "door: locked", replace: "door: locked, key under the mat" }, /lets it through/],
    ["the gate fails for something else", { says: /the window is open/ }, /output does not match .*the door is open/s],
    ["what it replaces is gone", { find: "bolted" }, /stale/],
    ["what it replaces stands twice", { find: "window: shut" }, /stale/],
  ])("is let through where %s", async (_case, change, reason) => {
    const verdict = await judge(copy, { ...open, gate, says: /the door is open/, ...change });

    expect(verdict).toEqual({ name: "an open door", caught: false, reason: expect.stringMatching(reason) });
  });
});

test("a seed chooses the same ones again, another seed others", () => {
  const names = Array.from({ length: 50 }, (_, i) => ({ name: String(i) }));

  expect(sample(names, 5, "a")).toEqual(sample(names.toReversed(), 5, "a"));
  expect(sample(names, 5, "a")).toHaveLength(5);
  expect(sample(names, 5, "a")).not.toEqual(sample(names, 5, "b"));
});

test("tests of several weakenings are run in one start", () => {
  const gates = joinGates([{ tests: ["a", "b"] }, { script: "imports" }, { tests: ["b"] }, { script: "imports" }]);

  expect(gates).toEqual([{ tests: ["a", "b"] }, { script: "imports" }]);
});
