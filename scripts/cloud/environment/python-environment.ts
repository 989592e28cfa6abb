import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { runProgram } from "../../command-line/run-program";
import { folderMadeOnce } from "./folder-made-once";

/**
 * The Python of a virtual environment with exactly the packages of a requirements file. It is created once for each
 * content of that file (about a minute, from PyPI or pip's configured index).
 *
 * @param folder where environments are kept, for example `~/.cache/millrace`
 */
export async function pythonEnvironment(
  python: string,
  requirements: string,
  folder: string,
  say: (text: string) => void,
): Promise<string> {
  const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const home = join(folder, `python-${hash}`);
  await folderMadeOnce(home, async (attempt) => {
    say(`installing ${basename(requirements)} into a separate Python environment (once, about a minute)`);
    await runProgram(python, ["-m", "venv", attempt]);
    const pip = join(attempt, "bin", "python");
    await runProgram(pip, ["-m", "pip", "install", "--quiet", "--requirement", requirements]);
  });
  return join(home, "bin", "python");
}
