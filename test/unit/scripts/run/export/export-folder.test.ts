import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beginExport } from "../../../../../scripts/run/export/export-folder";

test("a file whose text fails before anybody reads it fails the export, and does not end the process", async () => {
  const root = mkdtempSync(join(tmpdir(), "millrace-export-folder-"));
  const { keep } = await beginExport(join(root, "out"));
  async function* failing() {
    yield* [] as string[];
    throw new Error("no such table");
  }

  await expect(keep("a/b/c/d/x.gz", failing())).rejects.toThrow("no such table");
  rmSync(root, { recursive: true });
});
