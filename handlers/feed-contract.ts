import type { Feed } from "../etl/core/contract/contract";
import { parseRejectedLimit } from "../etl/core/contract/rejected-limit";
import { findContract } from "../etl/feeds/feeds";

/** The contract that a step's environment names, with the configuration's overrides. */
export function contractOf(env: { readonly FEED: string; readonly MAX_REJECTED?: string }): Feed {
  const contract = findContract(env.FEED);
  const maxRejected = env.MAX_REJECTED === undefined ? undefined : parseRejectedLimit(env.MAX_REJECTED);
  return maxRejected === undefined ? contract : { ...contract, maxRejected };
}
