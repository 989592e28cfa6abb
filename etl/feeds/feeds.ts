import type { Feed } from "../core/contract/contract";
import { checkFeed } from "../core/contract/schema/check-contract";
import { UsageError } from "../core/errors";
import { readings } from "./readings";
import { sales } from "./sales";

/** All feeds; a new contract is added here. */
export const contracts: readonly Feed[] = [sales, readings];

/** @throws UsageError that names those that there are, or what is wrong with the one that is meant */
export function findContract(name: string): Feed {
  const contract = contracts.find((known) => known.name === name);
  if (contract !== undefined) return checkFeed(contract);
  throw new UsageError("There is no such contract", {
    got: JSON.stringify(name),
    expected: contracts.map((known) => known.name).join(", "),
    where: { source: "etl/feeds" },
    fix: "Correct the name, or add the contract to etl/feeds/feeds.ts",
  });
}
