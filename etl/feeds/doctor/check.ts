/** A check, and its result. */
export interface Check {
  readonly name: "objects" | "secret" | "network" | "tls" | "login" | "privileges" | "table" | "clock";
  readonly ok: boolean;
  readonly detail: string;
  /** What to do if it failed. */
  readonly fix?: string;
  /** The error that made it fail, if one was thrown: for the program, not to be printed. */
  readonly cause?: unknown;
}
