import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { MillraceError } from "../../../etl/core/errors";
import { findProgram } from "../../command-line/find-program";
import { runProgram } from "../../command-line/run-program";

const VERSION = "v8.30.1";
const MODULE = `github.com/zricethezav/gitleaks/v8@${VERSION}`;

/**
 * Searches a folder for secrets; gitleaks.toml leaves out the files that git ignores.
 *
 * @returns its findings, without the secrets themselves; empty if there are none
 */
export async function runGitleaks(folder: string, home: string, say: (text: string) => void): Promise<string> {
  const gitleaks = await install(home, say);
  const config = join(__dirname, "gitleaks.toml");
  const args = ["dir", folder, "--config", config, "--redact", "--no-banner", "--no-color", "--verbose"];
  const { code, output } = await runProgram(gitleaks, args, { accept: [0, 1] });
  return code === 0 ? "" : output;
}

/** The pinned version if Go can build it, else an installed one. */
async function install(home: string, say: (text: string) => void): Promise<string> {
  const folder = join(home, `gitleaks-${VERSION}`);
  const pinned = join(folder, "gitleaks");
  if (existsSync(pinned)) return pinned;
  const go = findProgram("go", ["/usr/local/go/bin"]);
  if (go !== undefined) {
    say(`building gitleaks ${VERSION} (once, about a minute)`);
    mkdirSync(folder, { recursive: true });
    await runProgram(go, ["install", MODULE], { env: { ...process.env, GOBIN: folder } });
    return pinned;
  }
  const there = findProgram("gitleaks");
  if (there !== undefined) return there;
  throw new MillraceError("gitleaks is missing", {
    fix: `Install Go (https://go.dev/dl), which builds it, or gitleaks ${VERSION} itself.`,
  });
}
