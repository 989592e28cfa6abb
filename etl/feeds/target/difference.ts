/** Something that keeps a table from being loaded, and the SQL that mends it. */
export interface Difference {
  readonly what: string;
  readonly sql: string;
  /** The contract's column that is missing, where it may be NULL and the SQL adds it. */
  readonly column?: string;
  /** What is left to do after that. */
  readonly andThen?: string;
}
