import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";

/**
 * A folder that is either complete or absent: a failed attempt, or one in progress in another process, is never
 * mistaken for it.
 *
 * @param make fills the given folder, which is renamed afterwards
 */
export async function folderMadeOnce(home: string, make: (attempt: string) => Promise<void>): Promise<void> {
  if (existsSync(home)) return;
  const attempt = `${home}.${process.pid}`;
  mkdirSync(dirname(home), { recursive: true });
  rmSync(attempt, { recursive: true, force: true });
  try {
    await make(attempt);
    // Another process may have been first.
    if (!existsSync(home)) renameSync(attempt, home);
  } finally {
    rmSync(attempt, { recursive: true, force: true });
  }
}
