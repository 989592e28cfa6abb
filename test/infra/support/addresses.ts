import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(__dirname, "../addresses");

/**
 * The addresses that are kept in `test/infra/addresses/<name>.txt`. An address that goes means a resource that is
 * destroyed where it is deployed. After a change that is meant so, run the test with UPDATE_ADDRESSES=1.
 */
export function keptAddresses(name: string, current: readonly string[]): readonly string[] {
  const file = join(folder, `${name}.txt`);
  if (process.env.UPDATE_ADDRESSES === "1") writeFileSync(file, `${current.join("\n")}\n`);
  return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
}
