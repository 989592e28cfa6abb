import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { findErrorCode } from "../../core/database/database";

const run = promisify(execFile);

/**
 * Distinguishes a process from earlier and later ones with the same pid: its start time.
 *
 * @returns null if there is no such process, or only a zombie; undefined if it exists but this system does not give its
 * start time
 */
export async function identifyProcess(pid: number): Promise<string | null | undefined> {
  if (!isThere(pid)) return null;
  try {
    return process.platform === "linux" ? await askKernel(pid) : await askPs(pid);
  } catch {
    return undefined;
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // "Not permitted" means that it exists.
    return findErrorCode(error) !== "ESRCH";
  }
}

/** Ticks since the boot, and which boot: neither changes if the clock is set (proc_pid_stat(5), fields 3 and 22). */
async function askKernel(pid: number): Promise<string | null> {
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // The second field is the program's name, in parentheses, with any content.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, began] = [fields[0], fields[19]];
  return state === "Z" || state === "X" ? null : `${boot.trim()} ${began}`;
}

async function askPs(pid: number): Promise<string> {
  const { stdout } = await run("/bin/ps", ["-o", "lstart=", "-p", String(pid)], { env: { LC_ALL: "C" } });
  return stdout.trim();
}
