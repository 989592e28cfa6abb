import { realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isUrl } from "../../etl/core/fetch/mask-url";

/**
 * A path as the user typed it. npm runs a script in the project's folder, and gives the folder in which it was called
 * in INIT_CWD: for another folder, the path is made absolute. INIT_CWD does not apply to a program that a script
 * started in another folder.
 */
export function userPath(path: string): string {
  const { INIT_CWD: calledIn, npm_package_json: manifest } = process.env;
  if (isNoPath(path) || calledIn === undefined || manifest === undefined) return path;
  const here = process.cwd();
  return calledIn === here || realpathSync(dirname(manifest)) !== here ? path : resolve(calledIn, path);
}

/** Standard input, or an address: the user of the path reports that it is not a path. */
function isNoPath(given: string): boolean {
  return given === "-" || /^s3:/i.test(given) || isUrl(given);
}

/** Like {@link userPath}, for an argument of several paths, as collected by commander. */
export function userPaths(path: string, before: readonly string[] = []): readonly string[] {
  return [...before, userPath(path)];
}
