import { addEverything, type Removal, removeGrants } from "./breaking";
import type { Evidence } from "./judge";
import type { Recording } from "./recording";
import type { Simulator } from "./simulator";
import { type Call, collectGrants, explainCalls, type Permission, usePermissions } from "./usage";

export interface Proof extends Evidence {
  readonly calls: readonly Call[];
}

/** The grants, and those of them that the recorded calls need. */
export async function prove(recordings: readonly Recording[], simulator: Simulator): Promise<Proof> {
  const calls = await explainCalls(recordings, simulator);
  return { recordings, calls, permissions: usePermissions(collectGrants(recordings), calls) };
}

/**
 * Tries whether the proof notices changes.
 *
 * @returns a line for each removed grant whose loss it noticed, and for each change that it did not notice
 */
export async function breakIt(
  { recordings, calls, permissions }: Proof,
  options: { readonly atLeast: number; readonly random: () => number; readonly simulator: Simulator },
): Promise<{ readonly lost: readonly string[]; readonly unnoticed: readonly string[] }> {
  const removals = await removeGrants(permissions, calls, options);
  const lines = (isLost: boolean, text: (removal: Removal) => string) =>
    removals.filter(({ lost }) => (lost !== undefined) === isLost).map(text);
  const kept = lines(false, ({ permission }) => `no call misses ${describe(permission)}`);
  const lost = lines(true, ({ permission, lost: call }) => {
    return `without ${describe(permission)}: ${call?.action} on ${call?.resource} is refused (${call?.suite})`;
  });
  const some = removals[Math.floor(options.random() * removals.length)]?.permission;
  const isSeen = some === undefined || (await addEverything(some, recordings, options.simulator));
  const added = isSeen ? [] : [`nobody notices * added to ${some?.grant.role} (${some?.grant.policy})`];
  return { lost, unnoticed: [...kept, ...added] };
}

function describe({ grant, pattern }: Permission): string {
  return `${pattern} of ${grant.role} (${grant.policy})`;
}
