import { mkdir } from "node:fs/promises";
import { resolve } from "node:path";

/**
 * Creates a folder and those above it, if they are missing. Node's own way never ends for a relative path if the working directory has been
 * deleted meanwhile: it looks for an existing parent and finds none.
 */
export async function makeFolder(path: string): Promise<void> {
  await mkdir(resolve(path), { recursive: true });
}
