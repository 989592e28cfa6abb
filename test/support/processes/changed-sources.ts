import { appendFile, cp, mkdir, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "../../..");
/** What a build reads. */
const PARTS = ["etl", "handlers", "layers", "package.json", "package-lock.json", "tsconfig.json"];

/** Copies what is built to a folder, with one statement more in the handler named, for example `covid/fetch`. */
export async function copyWithChangedHandler(folder: string, handler: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all(PARTS.map((part) => cp(join(root, part), join(folder, part), { recursive: true })));
  await symlink(join(root, "node_modules"), join(folder, "node_modules"));
  await appendFile(join(folder, "handlers", `${handler}.ts`), '\nconsole.log("changed");\n');
}
