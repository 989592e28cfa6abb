import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";

/**
 * A folder that is there whole or not at all: a broken attempt, or one under way in another process, is never taken for
 * it.
 *
 * @param make fills the folder that it is given, which is renamed afterwards
 */
export async function folderMadeOnce(home: string, make: (attempt: string) => Promise<void>): Promise<void> {
  if (existsSync(home)) return;
  const attempt = `${home}.${process.pid}`;
  mkdirSync(dirname(home), { recursive: true });
  rmSync(attempt, { recursive: true, force: true });
  try {
    await make(attempt);
    // Somebody else may have been first.
    if (!existsSync(home)) renameSync(attempt, home);
  } finally {
    rmSync(attempt, { recursive: true, force: true });
  }
}
