import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { byBuiltCode } from "../../../../../scripts/ops/prove/prove-deployed";
import type { Proof } from "../../../../../scripts/run/prove/proof";

describe("the code that a deployed run is compared with", () => {
  const before = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), "millrace-built-"));
  const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
  const codeOf = (was: string, functions: readonly string[]) =>
    byBuiltCode({ code: { was, now: "this command's" } } as Proof, functions).code;

  beforeAll(() => process.chdir(folder));
  afterAll(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });

  test("is that of the function's bundle, the one that matches if there are two, and none if none is built", () => {
    expect(codeOf(hashOf("run"), ["feed/load", "feed/run"])).toEqual({ was: hashOf("run"), now: null });

    for (const name of ["load", "run"]) {
      mkdirSync(join("dist/handlers/feed", name), { recursive: true });
      writeFileSync(join("dist/handlers/feed", name, "index.js"), name);
    }

    expect(codeOf(hashOf("run"), ["feed/load", "feed/run"])).toEqual({ was: hashOf("run"), now: hashOf("run") });
    expect(codeOf("another", ["feed/load", "feed/run"])).toEqual({ was: "another", now: hashOf("load") });
  });
});
