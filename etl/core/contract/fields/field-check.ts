/**
 * Whether the bytes `[from, to)`, which are UTF-8, are a value of a column, in a form that PostgreSQL reads as it stands. Plain
 * functions on bytes, as they run for each field of perhaps a billion rows: nothing is allocated but where a limit asks for it.
 */
export type FieldCheck = (bytes: Uint8Array, from: number, to: number) => boolean;

/**
 * Writes what stands in a field as PostgreSQL reads it.
 *
 * @param into has room for {@link REWRITTEN_BYTES} more bytes than the field
 * @returns how many bytes were written, or -1 where the field has not the form
 */
export type Rewrite = (bytes: Uint8Array, from: number, to: number, into: Uint8Array) => number;

/** A time is longer in ISO 8601 than in the shortest of formats. */
export const REWRITTEN_BYTES = 32;
