import { spawn } from "node:child_process";

/** How each system opens an address with what its user has chosen. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ["open"],
  // The first argument of `start` that is quoted would be a window's title.
  win32: ["cmd", "/c", "start", ""],
};

/** @returns whether there is a program that took it; how the browser does, nobody waits for */
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
