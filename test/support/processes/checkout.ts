import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { type ProgramOptions, type ProgramResult, runProgram } from "../../../scripts/command-line/run-program";

const projectRoot = resolve(__dirname, "../../..");
const NOT_COPIED = ["node_modules", ".git", "cdktf.out", "dist", "coverage", ".millrace", ".venv", ".ruff_cache"];
const AUTHOR = { name: "developer", email: "developer@example.com" };

/** The whole project in a repository of its own, with one commit; node_modules is the project's. */
export class Checkout {
  readonly root = mkdtempSync(join(tmpdir(), "millrace-checkout-"));

  private constructor() {
    cpSync(projectRoot, this.root, { recursive: true, filter: (path) => !NOT_COPIED.includes(basename(path)) });
    symlinkSync(join(projectRoot, "node_modules"), join(this.root, "node_modules"));
  }

  static async create(): Promise<Checkout> {
    const checkout = new Checkout();
    await checkout.git("init", "--quiet");
    writeFileSync(join(checkout.root, ".git/info/exclude"), "node_modules\n");
    await checkout.commit("what there was");
    return checkout;
  }

  /** `npm run <script> -- <args>`. */
  npm(script: string, args: readonly string[] = [], options: Omit<ProgramOptions, "cwd"> = {}): Promise<ProgramResult> {
    return runProgram("npm", ["run", "--silent", script, "--", ...args], { cwd: this.root, ...options });
  }

  async commit(title: string): Promise<void> {
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--message", title);
  }

  git(...args: readonly string[]): Promise<ProgramResult> {
    const author = Object.entries(AUTHOR).flatMap(([key, value]) => ["-c", `user.${key}=${value}`]);
    return runProgram("git", [...author, ...args], { cwd: this.root });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
