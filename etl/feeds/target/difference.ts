/** Something that keeps a table from being loaded, and the SQL that mends it. */
export interface Difference {
  readonly what: string;
  readonly sql: string;
  /** What is left to do after that. */
  readonly andThen?: string;
}
