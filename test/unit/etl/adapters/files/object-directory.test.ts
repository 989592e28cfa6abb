import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { ObjectDirectory } from "../../../../../etl/adapters/files/object-directory";
import type { StoredObject } from "../../../../../etl/core/objects/objects";

describe("ObjectDirectory", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "millrace-objects-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("reads the content that the ETag is of, and no other", async () => {
    // Prepare
    const objects = new ObjectDirectory(folder, join(folder, "out"));
    writeFileSync(join(folder, "a.csv"), "old");
    const found = (await objects.head("a.csv")) as StoredObject;
    const read = async () => text(Readable.from(await objects.open(found)));

    // Act and assess
    expect(await read()).toBe("old");
    writeFileSync(join(folder, "a.csv"), "new");
    await expect(read()).rejects.toThrow(/The file changed before it was read \(.*a\.csv\)\. Nothing of it was used/);
  });

  test("leaves nothing half written behind", async () => {
    const objects = new ObjectDirectory(folder, folder);
    mkdirSync(join(folder, "a.json"));

    await expect(objects.put("a.json", "{}")).rejects.toThrow(/The file cannot be written/);

    expect(readdirSync(folder)).toEqual(["a.json"]);
  });
});
