import { readFileSync, writeFileSync } from "node:fs";

/**
 * Starts to watch this process's memory. @returns a function that returns the peak since then above the present use, in
 * KiB
 */
export function watchMemory(): () => number {
  globalThis.gc?.();
  if (process.platform !== "linux") {
    const idle = process.memoryUsage.rss() / 1024;
    return () => process.resourceUsage().maxRSS - idle;
  }
  // Resets the high-water mark to the present use: proc(5).
  writeFileSync("/proc/self/clear_refs", "5");
  const idle = readStatus("VmRSS");
  return () => readStatus("VmHWM") - idle;
}

function readStatus(field: string): number {
  const line = readFileSync("/proc/self/status", "utf8").match(new RegExp(`^${field}:\\s+(\\d+) kB`, "m"));
  return Number(line?.[1]);
}
