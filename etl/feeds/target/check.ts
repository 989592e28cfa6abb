/** What was looked at, and what was found. */
export interface Check {
  readonly name: "objects" | "secret" | "network" | "tls" | "login" | "privileges" | "table" | "clock";
  readonly ok: boolean;
  readonly detail: string;
  /** What to do, where it is not well. */
  readonly fix?: string;
  /** Why it is not well, where something was thrown: for the program, not to be printed. */
  readonly cause?: unknown;
}
