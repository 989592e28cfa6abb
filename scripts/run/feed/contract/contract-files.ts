import { readdirSync } from "node:fs";
import { extname, join } from "node:path";
import type { Feed } from "../../../../etl/core/contract/contract";
import { UsageError } from "../../../../etl/core/errors";

const FOLDER = join(__dirname, "../../../../etl/feeds");

/**
 * Refuses contracts with the same name: one contract's objects would be loaded by the other.
 *
 * @throws UsageError with the files of both
 */
export function refuseDoubles(contracts: readonly Feed[], folder = FOLDER): void {
  const names = contracts.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice === undefined) return;
  const files = filesOf(
    contracts.filter(({ name }) => name === twice),
    folder,
  );
  throw new UsageError("Two contracts have one name", {
    got: `${JSON.stringify(twice)} in ${files.length === 0 ? "etl/feeds/feeds.ts" : files.join(" and ")}`,
    expected: "a name of its own for each",
    fix: "Rename one, or enter it once in etl/feeds/feeds.ts",
  });
}

/** Files of the folder that export one of these contracts. */
function filesOf(contracts: readonly Feed[], folder: string): readonly string[] {
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && [".ts", ".js"].includes(extname(entry.name)))
    .map(({ name }) => name);
  const has = (file: string) => {
    const exported: readonly unknown[] = Object.values(require(join(folder, file)));
    return contracts.some((contract) => exported.includes(contract));
  };
  return files.filter(has).map((file) => `etl/feeds/${file.replace(/\.js$/, ".ts")}`);
}
