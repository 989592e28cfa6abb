import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepareDirectory } from "../../../../../etl/adapters/pglite/directory";

describe("prepareDirectory", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "millrace-prepare-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const put = (name: string, content?: string) => {
    mkdirSync(join(folder, name));
    if (content !== undefined) writeFileSync(join(folder, name, "PG_VERSION"), content);
  };
  const make = async (directory: string) => {
    mkdirSync(directory);
    writeFileSync(join(directory, "PG_VERSION"), "made");
  };
  const found = () => readFileSync(join(folder, "db", "PG_VERSION"), "utf8");

  test.each([
    ["nothing", {}, false, "made"],
    ["a half-made one aside", { "db.new": "half" }, false, "made"],
    [
      "one that was made and not yet renamed, the old one out of the way",
      { "db.new": "x", "db.old": "y" },
      false,
      "made",
    ],
    ["the old one, replaced and not yet removed", { db: "whole", "db.old": "y" }, false, "whole"],
    ["a whole one", { db: "whole" }, false, "whole"],
    ["a whole one that is to be created again", { db: "whole", "db.new": "half" }, true, "made"],
  ])(
    "finds %s, and leaves one whole database and nothing else",
    async (_, there: Record<string, string>, fresh, left) => {
      // Prepare
      for (const [name, content] of Object.entries(there)) put(name, content);
      if (there.db === undefined) put("db");

      // Act
      await prepareDirectory(join(folder, "db"), fresh, make);

      // Assess
      expect(found()).toBe(left);
      expect(readdirSync(folder)).toEqual(["db"]);
    },
  );

  test("keeps the old one where no new one can be made", async () => {
    // Prepare
    put("db", "whole");

    // Act
    const prepared = prepareDirectory(join(folder, "db"), true, async (directory) => {
      await make(directory);
      throw new Error("the disk is full");
    });

    // Assess
    await expect(prepared).rejects.toThrow("the disk is full");
    expect(found()).toBe("whole");
    expect(readdirSync(folder)).toEqual(["db"]);
  });
});
