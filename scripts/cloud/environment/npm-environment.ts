import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../../command-line/run-program";
import { folderMadeOnce } from "./folder-made-once";

/**
 * A folder whose `node_modules` holds exactly these packages, without their install scripts having run. It is made once
 * for each list, from npm or where npm is configured to look.
 *
 * For what the project's own dependencies must not hold: by its licence, its size, or because only some machines need it.
 *
 * @param packages name → exact version; theirs that are to be exact too are named beside them
 * @param overrides what npm puts in the place of packages that others ask for, as in package.json
 * @param folder where environments are kept, for example `~/.cache/millrace`
 */
export async function npmEnvironment(
  packages: Readonly<Record<string, string>>,
  folder: string,
  say: (text: string) => void,
  overrides?: Readonly<Record<string, string>>,
): Promise<string> {
  const manifest = JSON.stringify({ private: true, dependencies: packages, overrides });
  const home = join(folder, `npm-${createHash("sha256").update(manifest).digest("hex").slice(0, 12)}`);
  await folderMadeOnce(home, async (attempt) => {
    say(`installing ${Object.keys(packages).join(", ")} into a folder of its own (once)`);
    mkdirSync(attempt);
    writeFileSync(join(attempt, "package.json"), manifest);
    await runProgram("npm", ["install", "--ignore-scripts", "--install-links", "--no-audit", "--no-fund"], {
      cwd: attempt,
    });
  });
  return home;
}
