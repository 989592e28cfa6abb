/** A command that must refuse a weakened checkout: test files, or an npm script. */
export type Gate = { readonly tests: readonly string[] } | { readonly script: "github:check" | "imports" };

/** One change that makes the project less safe, and what must notice it. */
export interface Weakening {
  /** What is lost, for a person: `a bucket answers over plain HTTP`. */
  readonly name: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  readonly gate: Gate;
  /** What the gate's output must match, so that it fails for this and not for something else. */
  readonly says: RegExp;
}
