import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UsageError } from "../../../etl/core/errors";
import { runProgram } from "../../command-line/run-program";

/** A feed of a checkout. */
export interface DescribedFeed {
  readonly name: string;
  readonly table: string;
  readonly key: readonly string[];
  readonly sensitive: readonly string[];
  /** Its contract's file, from the root. */
  readonly file: string;
}

/** What a checkout's code says of itself. */
export interface Description {
  readonly feeds: readonly DescribedFeed[];
  /** `pipelines` and `feeds` of the configuration. */
  readonly settings: Readonly<
    Record<"pipelines" | "feeds", Readonly<Record<string, Readonly<Record<string, unknown>>>>>
  >;
}

/** The code of one side of the comparison. */
export interface Checkout extends Description {
  readonly root: string;
}

export const TSX = join(__dirname, "../../../node_modules/tsx/dist/loader.mjs");

/** Asks a checkout's own code for its feeds and settings. */
export async function readCheckout(root: string): Promise<Checkout> {
  const script = join(__dirname, "describe-checkout.ts");
  const env = { ...process.env, TSX_TSCONFIG_PATH: join(root, "tsconfig.json") };
  const { stdout } = await runProgram(process.execPath, ["--import", TSX, script, root], { cwd: root, env });
  return { root, ...(JSON.parse(stdout) as Description) };
}

/**
 * Calls with a worktree of the commit from which this checkout went on, which has its own packages if its lockfile is another one, and
 * removes it afterwards.
 *
 * @param root a checkout of the same repository
 * @param ref a branch or commit: what came into it since is no change of this checkout
 * @throws UsageError if the repository has no such commit
 */
export async function withWorktree<Result>(
  root: string,
  ref: string,
  say: (text: string) => void,
  work: (worktree: string, commit: string) => Promise<Result>,
): Promise<Result> {
  const git = (...args: string[]) => runProgram("git", args, { cwd: root });
  const found = await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`).catch((cause) => {
    throw new UsageError("The base is not a commit of this repository", {
      got: JSON.stringify(ref),
      fix: "Name a branch or a commit: --base origin/main. A shallow clone needs `git fetch origin main` first",
      cause,
    });
  });
  const named = found.stdout.trim();
  // Without a common commit, as in a shallow clone, the named one.
  const { code, stdout } = await runProgram("git", ["merge-base", named, "HEAD"], { cwd: root, accept: [0, 1] });
  const commit = code === 0 ? stdout.trim() : named;
  const worktree = mkdtempSync(join(tmpdir(), "millrace-base-"));
  try {
    await git("worktree", "add", "--force", "--detach", "--quiet", worktree, commit);
    const isSame = lockfileOf(worktree) === lockfileOf(root);
    if (isSame) symlinkSync(join(root, "node_modules"), join(worktree, "node_modules"));
    else {
      say("The base has another lockfile: npm ci for it");
      await runProgram("npm", ["ci", "--no-audit", "--no-fund"], { cwd: worktree });
    }
    return await work(worktree, commit);
  } finally {
    rmSync(worktree, { recursive: true, force: true });
    await git("worktree", "prune").catch(() => undefined);
  }
}

function lockfileOf(root: string): string | undefined {
  const file = join(root, "package-lock.json");
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
