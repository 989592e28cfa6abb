import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockDirectory } from "../../../../../etl/adapters/files/directory-lock";

describe("the lock of a directory", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "millrace-lock-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const lock = () => lockDirectory(folder, { name: "the folder", waitMs: 0 });

  test("is given free once, and what is free already is no failure", async () => {
    // Prepare
    const unlock = await lock();

    // Act
    await unlock();
    await unlock();

    // Assess
    await (await lock())();
  });

  test("is deleted with its folder, and released nevertheless", async () => {
    // Prepare
    const unlock = await lock();
    rmSync(folder, { recursive: true });
    rmSync(`${folder}.lock`, { recursive: true });

    // Act
    const freed = unlock();

    // Assess
    await expect(freed).resolves.toBeUndefined();
  });
});
