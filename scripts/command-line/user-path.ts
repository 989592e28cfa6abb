import { realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { isUrl } from "../../etl/core/fetch/mask-url";

/**
 * A path as whoever typed it means it. npm runs a script in the project's folder, and says in INIT_CWD where it was called: the path of another
 * folder is made absolute. INIT_CWD says nothing of a program that a script started in a folder of its own.
 */
export function userPath(path: string): string {
  const { INIT_CWD: calledIn, npm_package_json: manifest } = process.env;
  if (isNoPath(path) || calledIn === undefined || manifest === undefined) return path;
  const here = process.cwd();
  return calledIn === here || realpathSync(dirname(manifest)) !== here ? path : resolve(calledIn, path);
}

/** Standard input, or an address: whoever takes the path says that it is none. */
function isNoPath(given: string): boolean {
  return given === "-" || /^s3:/i.test(given) || isUrl(given);
}

/** As {@link userPath}, for an argument of several paths, as commander gathers them. */
export function userPaths(path: string, before: readonly string[] = []): readonly string[] {
  return [...before, userPath(path)];
}
