import { addEverything, removeGrants } from "./breaking";
import type { Evidence } from "./judge";
import type { Recording } from "./recording";
import type { Simulator } from "./simulator";
import { type Call, collectGrants, explainCalls, usePermissions } from "./usage";

export interface Proof extends Evidence {
  readonly calls: readonly Call[];
}

/** Who was granted what, and what of it the recorded calls need. */
export async function prove(recordings: readonly Recording[], simulator: Simulator): Promise<Proof> {
  const calls = await explainCalls(recordings, simulator);
  return { recordings, calls, permissions: usePermissions(collectGrants(recordings), calls) };
}

/** Whether the proof would notice: a line of each grant taken away or added that it does not notice. */
export async function breakIt(
  { recordings, calls, permissions }: Proof,
  options: { readonly atLeast: number; readonly random: () => number; readonly simulator: Simulator },
): Promise<{ readonly removed: number; readonly unnoticed: readonly string[] }> {
  const removals = await removeGrants(permissions, calls, options);
  const kept = removals
    .filter(({ lost }) => lost === undefined)
    .map(({ permission: { grant, pattern } }) => `nobody misses ${pattern} of ${grant.role} (${grant.policy})`);
  const some = removals[Math.floor(options.random() * removals.length)]?.permission;
  const isSeen = some === undefined || (await addEverything(some, recordings, options.simulator));
  const added = isSeen ? [] : [`nobody sees * added to ${some?.grant.role} (${some?.grant.policy})`];
  return { removed: removals.length, unnoticed: [...kept, ...added] };
}
