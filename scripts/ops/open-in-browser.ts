import { spawn } from "node:child_process";

/** Each system's command to open an address with the user's default program. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ["open"],
  // `start` takes its first quoted argument as a window title.
  win32: ["cmd", "/c", "start", ""],
};

/** @returns whether a program was started; the browser itself is not awaited */
export function openInBrowser(address: string): Promise<boolean> {
  const [program = "", ...args] = OPENERS[process.platform] ?? ["xdg-open"];
  return new Promise((resolve) => {
    const child = spawn(program, [...args, address], { stdio: "ignore", detached: true });
    child.once("error", () => resolve(false));
    child.once("spawn", () => {
      child.unref();
      resolve(true);
    });
  });
}
