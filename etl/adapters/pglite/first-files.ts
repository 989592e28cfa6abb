import { cpSync, existsSync } from "node:fs";
import { open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeFolder } from "../files/make-folder";

/**
 * The initial files of an embedded database. PGlite's initdb takes four seconds to create them; they are kept, and
 * copied in a quarter of a second.
 *
 * @param directory must not exist yet
 * @param cache the folder where they are kept
 * @param make creates them in the directory
 */
export async function makeFirstFiles(directory: string, cache: string, make: () => Promise<void>): Promise<void> {
  const kept = join(cache, `embedded-database-${await pgliteVersion()}`);
  if (existsSync(kept)) return cpSync(kept, directory, { recursive: true });
  await make();
  const aside = `${kept}.${process.pid}`;
  try {
    await makeFolder(cache);
    cpSync(directory, aside, { recursive: true });
    await toDisk(aside);
    await rename(aside, kept);
  } catch {
    // They only save time, and another process may have stored them meanwhile.
    await rm(aside, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** A power failure must leave all or nothing of them: every later database uses them. */
async function toDisk(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  await Promise.all(
    files.map(async (name) => {
      const file = await open(name, "r+");
      await file.sync().finally(() => file.close());
    }),
  );
}

/** Another version may have other initial files. */
async function pgliteVersion(): Promise<string> {
  const manifest = join(dirname(require.resolve("@electric-sql/pglite")), "..", "package.json");
  return JSON.parse(await readFile(manifest, "utf8")).version;
}
