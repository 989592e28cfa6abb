/** A command that must refuse a weakened checkout: test files, or an npm script. */
export type Gate = { readonly tests: readonly string[] } | { readonly script: "github:check" | "imports" };

/** One change that makes the project less safe, and the gate that must notice it. */
export interface Weakening {
  /** The loss, for people: `a bucket answers over plain HTTP`. */
  readonly name: string;
  readonly file: string;
  /** A text that is in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  readonly gate: Gate;
  /** A pattern of the gate's output, so that it fails for this and not for another reason. */
  readonly says: RegExp;
}
