import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as z from "zod";
import { runProgram } from "../../command-line/run-program";

/** The packages that synthesise; they must come from one folder, since each requires the others. */
const SYNTHESIS = ["cdktf", "constructs", "@cdktf/provider-archive", "@cdktf/provider-aws", "@cdktf/provider-random"];

const manifestSchema = z.object({
  dependencies: z.object(Object.fromEntries(SYNTHESIS.map((name) => [name, z.string()]))),
});

/** A copy of a checkout's files with some packages replaced, in its own folder until {@link remove}. */
export class ScratchCopy {
  readonly folder = mkdtempSync(join(tmpdir(), "millrace-axis-"));

  /**
   * @param root the checkout, with its packages installed
   * @param environment folder whose `node_modules` has all packages that synthesise
   */
  static async make(root: string, environment: string): Promise<ScratchCopy> {
    const copy = new ScratchCopy();
    const { stdout } = await runProgram("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
      cwd: root,
    });
    for (const file of stdout.split("\n").filter((name) => name !== "" && existsSync(join(root, name)))) {
      mkdirSync(dirname(join(copy.folder, file)), { recursive: true });
      cpSync(join(root, file), join(copy.folder, file));
    }
    const modules = join(copy.folder, "node_modules");
    linkPackages(join(root, "node_modules"), modules, (name) => name !== "@cdktf" && !SYNTHESIS.includes(name));
    linkPackages(join(environment, "node_modules"), modules, (name) => name === "@cdktf" || SYNTHESIS.includes(name));
    return copy;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function linkPackages(from: string, to: string, wanted: (name: string) => boolean): void {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(from).filter(wanted)) symlinkSync(join(from, name), join(to, name), "junction");
}

/** Exact versions of the packages that synthesise, from a package.json, with replacements. */
export function synthesisPackages(
  manifest: unknown,
  replaced: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const { dependencies } = manifestSchema.parse(manifest);
  return { ...dependencies, ...replaced };
}
