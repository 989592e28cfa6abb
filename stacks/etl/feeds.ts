import { readdirSync } from "node:fs";
import { join, parse } from "node:path";
import { Construct } from "constructs";
import { ConfigError } from "../../config/config-error";
import type { Config } from "../../config/schema";
import { deployedFeeds } from "../../config/sections";
import type { Database } from "../../modules/database/database";
import type { NodeFunctionProps } from "../../modules/function/node-function";
import { createDatabaseNetwork } from "./database/database-network";
import { Feed } from "./feeds/feed";
import type { Platform } from "./platform";

const CONTRACTS = join(__dirname, "../../etl/feeds");
/** Where the security group of all feeds is, and how it is called: as it was made for the one pipeline `import`. */
const GROUP_PLACE = "import";

/** Those that the configuration has. @throws ConfigError where one has no contract */
export function createFeeds(scope: Construct, platform: Platform, database: Database): readonly Feed[] {
  requireContracts(platform.config);
  let network: NodeFunctionProps["network"];
  const shared = () => {
    const place = scope.node.tryFindChild(GROUP_PLACE) ?? new Construct(scope, GROUP_PLACE);
    const name = platform.nameOf(GROUP_PLACE, "steps");
    network ??= createDatabaseNetwork(place, "steps-group", { name, platform, database });
    return network;
  };
  return inOrder(platform.config).map(
    ([name, settings]) => new Feed(scope, name, { platform, database, settings, network: shared }),
  );
}

/** The feed that takes the group's place as its own comes first. */
function inOrder(config: Config): ReturnType<typeof deployedFeeds> {
  const feeds = deployedFeeds(config);
  const isAtGroup = ([, { resourceName }]: (typeof feeds)[number]) => resourceName === GROUP_PLACE;
  return [...feeds.filter(isAtGroup), ...feeds.filter((feed) => !isAtGroup(feed))];
}

/** Each feed has a file below etl/feeds, of which only types are known here. */
function requireContracts(config: Config): void {
  const known = readdirSync(CONTRACTS, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => parse(entry.name).name)
    .filter((name) => name !== "feeds");
  const unknown = deployedFeeds(config).filter(([name]) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new ConfigError(
    "of this environment",
    unknown.map(
      ([name]) =>
        `feeds.${name}: got ${JSON.stringify(name)}, allowed is the name of a contract in etl/feeds: ${known.join(", ")}`,
    ),
  );
}
