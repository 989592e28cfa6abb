/**
 * Whether the bytes `[from, to)`, which are UTF-8, are a value of a column, in a form that PostgreSQL reads unchanged.
 * Plain functions on bytes, since they run for each field of perhaps a billion rows: nothing is allocated unless a
 * limit needs it.
 */
export type FieldCheck = (bytes: Uint8Array, from: number, to: number) => boolean;

/**
 * Writes a field in PostgreSQL's format.
 *
 * @param into has room for {@link REWRITTEN_BYTES} more bytes than the field
 * @returns the number of bytes written, or -1 if the field does not have the format
 */
export type Rewrite = (bytes: Uint8Array, from: number, to: number, into: Uint8Array) => number;

/** A time is longer in ISO 8601 than in the shortest format. */
export const REWRITTEN_BYTES = 32;
