import { readdirSync } from "node:fs";
import { join } from "node:path";
import { dev } from "../../config/dev";
import { overrideConfig } from "../../config/load";
import { prod } from "../../config/prod";
import { feedAddresses } from "../../scripts/project/new-feed/write/addresses";
import { keptAddresses } from "./support/addresses";
import { moved } from "./support/feed";
import { synthesize, synthesizeShipped } from "./support/synthesize";

/** Of each feed that an environment deploys. */
function deployed() {
  const found = new Map<string, Set<string>>();
  for (const environment of [dev, prod]) {
    const config = overrideConfig(environment, {});
    const feeds = Object.entries(config.feeds).filter(([, { enabled }]) => enabled);
    if (feeds.length === 0) continue;
    const stack = JSON.parse(synthesize({ environment }).etl.text);
    for (const [name, { resourceName = name }] of feeds) {
      const addresses = feedAddresses(stack, resourceName, config);
      found.set(name, new Set([...(found.get(name) ?? []), ...addresses]));
    }
  }
  return found;
}

describe("addresses of feeds", () => {
  test("those of the configuration keep theirs: a missing one would be destroyed where it is deployed", () => {
    const feeds = deployed();
    const lists = readdirSync(join(__dirname, "addresses/feeds")).filter((name) => name.endsWith(".txt"));

    for (const [name, addresses] of feeds) {
      const current = [...addresses].sort();
      expect(current).toEqual(keptAddresses(`feeds/${name}`, current));
    }
    expect(lists.sort()).toEqual([...feeds.keys()].map((name) => `${name}.txt`).sort());
  });

  test.each(["lambda", "distributed-map"])("are those that the stack has more with a feed of engine %s", (engine) => {
    const overrides = { feeds: { sales: { ...moved, engine } } };
    const [without, stack] = [synthesizeShipped().etl.addresses(), synthesizeShipped({ overrides }).etl];
    const found = feedAddresses(JSON.parse(stack.text), moved.resourceName, overrideConfig(dev, overrides));

    expect(found).toEqual(stack.addresses().filter((address) => !without.includes(address)));
    expect(found.length).toBeGreaterThan(35);
  });
});
