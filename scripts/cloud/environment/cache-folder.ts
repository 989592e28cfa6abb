import { homedir } from "node:os";
import { join } from "node:path";

/** Outlives checkouts: an environment takes a minute to make. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "millrace");
}
