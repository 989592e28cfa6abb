import { readdir, realpath, rename, rm, rmdir } from "node:fs/promises";
import { makeFolder } from "../files/make-folder";

/**
 * Makes sure that a directory has a complete database. A missing one is created beside it and renamed when complete: an
 * interruption leaves nothing, or the previous database. Call it under the directory's lock.
 *
 * @param fresh create a new one even if one exists
 * @param make creates a database in a directory that does not exist yet
 */
export async function prepareDirectory(
  given: string,
  fresh: boolean,
  make: (directory: string) => Promise<void>,
): Promise<void> {
  const directory = await realpath(given);
  const aside = `${directory}.new`;
  const before = `${directory}.old`;
  await rm(aside, { recursive: true, force: true });
  await rm(before, { recursive: true, force: true });
  const isEmpty = (await readdir(directory)).length === 0;
  if (!isEmpty && !fresh) return;
  try {
    await make(aside);
    if (isEmpty) await rmdir(directory);
    else await rename(directory, before);
    await rename(aside, directory);
  } catch (error) {
    await rm(aside, { recursive: true, force: true }).catch(() => undefined);
    await makeFolder(directory).catch(() => undefined);
    throw error;
  }
  await rm(before, { recursive: true, force: true });
}
