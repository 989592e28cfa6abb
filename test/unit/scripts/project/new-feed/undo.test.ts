import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UndoableFiles } from "../../../../../scripts/project/new-feed/write/undo";

describe("files of a feed that could not be made", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "millrace-undo-"));
    mkdirSync(join(root, "etl"));
    writeFileSync(join(root, "etl/feeds.ts"), "before");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test("go again, with the folders made for them; changed ones are as they were, however often they were written", () => {
    // Prepare
    const files = new UndoableFiles(root);
    files.write("samples/feeds/new/made-up.csv", "a,b\n");
    files.write("etl/new.ts", "contract");
    files.write("etl/feeds.ts", "once");
    files.write("etl/feeds.ts", "twice");
    files.willChange("config.ts");
    writeFileSync(join(root, "config.ts"), "by somebody else");
    const written = readFileSync(join(root, "etl/feeds.ts"), "utf8");

    // Act
    files.undo();

    // Assess
    expect(written).toBe("twice");
    expect(readFileSync(join(root, "etl/feeds.ts"), "utf8")).toBe("before");
    expect(readdirSync(join(root, "etl"))).toEqual(["feeds.ts"]);
    expect(existsSync(join(root, "samples/feeds/new"))).toBe(false);
    expect(existsSync(join(root, "config.ts"))).toBe(false);
  });
});
