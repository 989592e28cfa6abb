import type { Feed } from "../core/contract/contract";
import { checkFeed } from "../core/contract/schema/check-contract";
import { UsageError } from "../core/errors";
import { readings } from "./readings";
import { sales } from "./sales";

/** All feeds; a new contract is added here. */
export const contracts: readonly Feed[] = [sales, readings];

const FEEDS = { where: { source: "etl/feeds" } };

/**
 * @param others names that the caller takes in addition to contracts'
 * @throws UsageError that names the existing contracts, or what is wrong with the requested one
 */
export function findContract(name: string, others: readonly string[] = []): Feed {
  const [contract, ...doubles] = contracts.filter((known) => known.name === name);
  if (doubles.length > 0) throw new UsageError("Two contracts have one name", { got: JSON.stringify(name), ...FEEDS });
  if (contract !== undefined) return checkFeed(contract);
  throw new UsageError("There is no such contract", {
    got: JSON.stringify(name),
    expected: [...others, ...contracts.map((known) => known.name)].join(", "),
    ...FEEDS,
    fix: "Correct the name, or add the contract to etl/feeds/feeds.ts",
  });
}
