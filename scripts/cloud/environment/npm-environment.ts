import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "../../command-line/run-program";
import { folderMadeOnce } from "./folder-made-once";

/**
 * A folder whose `node_modules` has exactly these packages, installed without install scripts. It is created once for
 * each list, from npm or its configured registry.
 *
 * For packages that must not be dependencies of the project: because of their licence, their size, or because only some
 * machines need them.
 *
 * @param packages name → exact version, including transitive ones that must be exact
 * @param overrides npm's replacements of transitive packages, as in package.json
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
    say(`installing ${Object.keys(packages).join(", ")} into a separate folder (once)`);
    mkdirSync(attempt);
    writeFileSync(join(attempt, "package.json"), manifest);
    await runProgram("npm", ["install", "--ignore-scripts", "--install-links", "--no-audit", "--no-fund"], {
      cwd: attempt,
    });
  });
  return home;
}
