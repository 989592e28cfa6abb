import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Feed } from "../../../etl/core/contract/contract";
import type { Description } from "./checkout";

/** Prints the feeds and settings of the checkout in its argument as JSON. It imports that checkout's code, not this one's. */
async function describe(root: string): Promise<Description> {
  const list = join(root, "etl/feeds/feeds.ts");
  const { contracts } = (await import(list)) as { contracts: readonly Feed[] };
  const { loadConfig } = await import(join(root, "config/load.ts"));
  const files = new Map<unknown, string>();
  for (const [, path] of readFileSync(list, "utf8").matchAll(/from "(\.\/[^"]+)"/g)) {
    const file = join(root, "etl/feeds", `${path}.ts`);
    for (const value of Object.values(await import(file))) files.set(value, relative(root, file));
  }
  const feeds = contracts.map((feed) => ({
    name: feed.name,
    table: feed.table,
    key: feed.key,
    sensitive: Object.entries(feed.columns).flatMap(([name, { sensitive }]) => (sensitive === true ? [name] : [])),
    file: files.get(feed) ?? relative(root, list),
  }));
  const { pipelines, feeds: sections } = loadConfig();
  return { feeds, settings: { pipelines, feeds: sections } };
}

describe(process.argv[2] ?? ".").then((description) => console.log(JSON.stringify(description)));
