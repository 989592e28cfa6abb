import { mkdir, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Creates a folder and those above it, if they are missing, one after the other. Node's own way never ends where the system says that a
 * parent is missing though it is not: for a relative path whose working directory has been deleted, and below /proc.
 */
export async function makeFolder(path: string): Promise<void> {
  const folder = resolve(path);
  if (await isFolder(folder)) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder));
  await mkdir(folder).catch(async (cause) => {
    // Another process may have made it.
    if (!(await isFolder(folder))) throw cause;
  });
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (facts) => facts.isDirectory(),
    () => false,
  );
}
