import * as z from "zod";

export const stateHeadSchema = z.object({
  lineage: z.string(),
  serial: z.number(),
  resources: z.array(z.unknown()),
});

/** The head of a state file. `serial` grows with each change, `lineage` stays the same for the life of a state. */
export type StateHead = Readonly<z.output<typeof stateHeadSchema>>;

/** Whether a state contains everything of another one. */
export function covers(state: StateHead | undefined, other: StateHead): boolean {
  return state !== undefined && state.lineage === other.lineage && state.serial >= other.serial;
}
