import { cpSync, existsSync } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * The files that each embedded database begins with. PGlite's initdb takes four seconds to make them; they are kept,
 * and copied in a quarter of a second.
 *
 * @param directory is not there yet
 * @param cache the folder where they are kept
 * @param make makes them in the directory
 */
export async function makeFirstFiles(directory: string, cache: string, make: () => Promise<void>): Promise<void> {
  const kept = join(cache, `embedded-database-${await pgliteVersion()}`);
  if (existsSync(kept)) return cpSync(kept, directory, { recursive: true });
  await make();
  const aside = `${kept}.${process.pid}`;
  try {
    await mkdir(cache, { recursive: true });
    cpSync(directory, aside, { recursive: true });
    await toDisk(aside);
    await rename(aside, kept);
  } catch {
    // They only save time. Another process may have kept them meanwhile.
    await rm(aside, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** What a power failure leaves of them must be all or nothing: they serve each database from now on. */
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

/** Another one may begin with other files. */
async function pgliteVersion(): Promise<string> {
  const manifest = join(dirname(require.resolve("@electric-sql/pglite")), "..", "package.json");
  return JSON.parse(await readFile(manifest, "utf8")).version;
}
