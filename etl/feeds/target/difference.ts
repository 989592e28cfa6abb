/** A difference that keeps a table from being loaded, and the SQL that fixes it. */
export interface Difference {
  readonly what: string;
  readonly sql: string;
  /** The contract's column that is missing, if it may be NULL and the SQL adds it. */
  readonly column?: string;
  /** What remains to be done after that. */
  readonly andThen?: string;
}
