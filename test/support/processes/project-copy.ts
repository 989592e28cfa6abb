import { execFile } from "node:child_process";
import { cp, mkdir, readdir, readFile, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const projectRoot = join(__dirname, "../../..");
const PARTS = ["config", "etl", "handlers", "layers", "scripts", "package.json", "package-lock.json"];

export interface BuildOutcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a build needs of the project, in another directory; node_modules is the project's own. */
export class ProjectCopy {
  private constructor(readonly root: string) {}

  static async at(root: string): Promise<ProjectCopy> {
    await mkdir(root, { recursive: true });
    await Promise.all(PARTS.map((part) => cp(join(projectRoot, part), join(root, part), { recursive: true })));
    await symlink(join(projectRoot, "node_modules"), join(root, "node_modules"));
    return new ProjectCopy(root);
  }

  /** `npm run build` in a process of its own, so that the time zone is its own. */
  async build(timeZone = "UTC", options: readonly string[] = []): Promise<BuildOutcome> {
    const command = [require.resolve("tsx/cli"), "scripts/build.ts", ...options];
    const within = { cwd: this.root, env: { ...process.env, TZ: timeZone } };
    try {
      return { exitCode: 0, ...(await promisify(execFile)(process.execPath, command, within)) };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { exitCode: code, stdout, stderr };
    }
  }

  /** The artifacts by path, in base64. */
  async artifacts(): Promise<Readonly<Record<string, string>>> {
    const dist = join(this.root, "dist");
    const entries = await readdir(dist, { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const contents = await Promise.all(
      paths.sort().map(async (path) => [path.slice(dist.length + 1), await base64(path)]),
    );
    return Object.fromEntries(contents);
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

async function base64(path: string): Promise<string> {
  return (await readFile(path)).toString("base64");
}
