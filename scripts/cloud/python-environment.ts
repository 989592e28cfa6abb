import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { runProgram } from "../run-program";

/**
 * The Python of a virtual environment that holds exactly the packages of a requirements file. It is made once for
 * each content of that file (about a minute, from PyPI or where pip is configured to look).
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
  const found = join(home, "bin", "python");
  if (existsSync(found)) return found;
  say(`installing ${basename(requirements)} into a Python environment of its own (once, about a minute)`);
  // A broken attempt, or one under way in another process, must not be taken for a whole environment.
  const attempt = `${home}.${process.pid}`;
  mkdirSync(folder, { recursive: true });
  rmSync(attempt, { recursive: true, force: true });
  await runProgram(python, ["-m", "venv", attempt]);
  const pip = join(attempt, "bin", "python");
  await runProgram(pip, ["-m", "pip", "install", "--quiet", "--requirement", requirements]);
  if (existsSync(found)) rmSync(attempt, { recursive: true, force: true });
  else renameSync(attempt, home);
  return found;
}
