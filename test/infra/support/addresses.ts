import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(__dirname, "../addresses");

/**
 * The addresses that are kept in `<folder>/<name>.txt`. An address that goes means a resource that is destroyed where it is deployed.
 * With UPDATE_ADDRESSES=1 new ones are written down, and none is taken away: a line of what is to be destroyed is deleted by hand,
 * where the review sees it.
 */
export function keptAddresses(
  name: string,
  current: readonly string[],
  { within = folder, update = process.env.UPDATE_ADDRESSES === "1" } = {},
): readonly string[] {
  const file = join(within, `${name}.txt`);
  const kept = existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
  if (!update) return kept;
  const all = [...new Set([...kept, ...current])].sort();
  writeFileSync(file, `${all.join("\n")}\n`);
  return all;
}

/** Of a former version: never written again. */
export function oldAddresses(name: string): readonly string[] {
  return keptAddresses(name, [], { update: false });
}
