import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runProgram } from "../../command-line/run-program";
import type { Weakening } from "./weakening";

/** A copy of the checkout's files, committed or not, in its own folder; node_modules is the checkout's. */
export class ScratchCopy {
  readonly root = mkdtempSync(join(tmpdir(), "millrace-weaken-"));

  private constructor() {}

  static async of(checkout: string): Promise<ScratchCopy> {
    const copy = new ScratchCopy();
    const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"];
    const { stdout } = await runProgram("git", list, { cwd: checkout });
    for (const path of stdout.split("\0").filter((name) => name !== "")) {
      mkdirSync(dirname(join(copy.root, path)), { recursive: true });
      cpSync(join(checkout, path), join(copy.root, path));
    }
    symlinkSync(join(checkout, "node_modules"), join(copy.root, "node_modules"));
    return copy;
  }

  /**
   * Weakens the copy during `work`.
   *
   * @returns undefined if the text to be replaced is not in the file exactly once
   */
  async weakened<Result>(
    { file, find, replace }: Pick<Weakening, "file" | "find" | "replace">,
    work: () => Promise<Result>,
  ): Promise<Result | undefined> {
    const path = join(this.root, file);
    const text = readFileSync(path, "utf8");
    const parts = text.split(find);
    if (parts.length !== 2) return undefined;
    try {
      writeFileSync(path, parts.join(replace));
      return await work();
    } finally {
      writeFileSync(path, text);
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
