import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram } from "../../../../scripts/command-line/find-program";

describe("findProgram", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "millrace-programs-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  test("finds the newest version where a folder's name is one", () => {
    // Prepare
    for (const version of ["9", "15", "17"]) put(join(version, "bin"), "initdb-of-test", 0o755);

    // Act
    const found = findProgram("initdb-of-test", [join(folder, "*", "bin")]);

    // Assess
    expect(found).toBe(join(folder, "17", "bin", "initdb-of-test"));
  });

  test("passes over a file that cannot be run", () => {
    // Prepare
    put("bin", "initdb-of-test", 0o644);

    // Act
    const found = findProgram("initdb-of-test", [join(folder, "bin"), join(folder, "absent", "*")]);

    // Assess
    expect(found).toBeUndefined();
  });

  test("finds what is on the PATH", () => {
    // Act
    const found = findProgram("node");

    // Assess
    expect(found).toMatch(/node$/);
  });

  function put(under: string, name: string, mode: number): void {
    mkdirSync(join(folder, under), { recursive: true });
    writeFileSync(join(folder, under, name), "#!/bin/sh\n");
    chmodSync(join(folder, under, name), mode);
  }
});
