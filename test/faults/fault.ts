/** What befalls a command in the middle of its work. */
export const FAULTS = ["kill", "SIGINT", "SIGTERM", "disk", "cut", "silence"] as const;

export type Fault = (typeof FAULTS)[number];

/** A command that faults are tried on. */
export interface Subject {
  readonly name: string;
  /** The phases of its work, in their order, and which faults can strike in each. */
  readonly phases: Readonly<Record<string, readonly Fault[]>>;
  /**
   * Lets the fault strike in the phase, and looks what was said, kept and let go of.
   *
   * @param random fixes what a phase leaves open, such as the byte
   * @returns what is wrong: nothing, if all is well
   */
  strike(phase: string, fault: Fault, random: () => number): Promise<readonly string[]>;
}

/** One fault in one phase of one command. */
export interface FaultCase {
  readonly subject: string;
  readonly phase: string;
  readonly fault: Fault;
  readonly seed: number;
}

export function nameOf({ subject, phase, fault }: FaultCase): string {
  return `${subject}/${phase}/${fault}`;
}
