import { accessSync, constants, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

/** A program missing on this machine, and how to get it. */
export interface MissingProgram {
  readonly name: string;
  readonly remedy: string;
}

/** The path of a program: on the PATH, or in the given folders. `*` stands for one folder's name, the last first. */
export function findProgram(name: string, folders: readonly string[] = []): string | undefined {
  const path = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...path, ...folders.flatMap(expand)].map((folder) => join(folder, name)).find(isExecutable);
}

function expand(pattern: string): string[] {
  const [before, after] = pattern.split("*");
  if (before === undefined || after === undefined) return [pattern];
  try {
    return readdirSync(before)
      .sort((a, b) => b.localeCompare(a, "en", { numeric: true }))
      .map((name) => join(before, name, after));
  } catch {
    return [];
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
