import { homedir } from "node:os";
import { join } from "node:path";

/** Outlives checkouts: creating an environment takes a minute. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "millrace");
}
