/**
 * The prefix of the loader's own columns and tables: a table may have columns with any other name. Contracts may not
 * use such names.
 */
export const HELPER_PREFIX = "millrace_";

/** The column that says which rejected row a row of a file of rejected rows is: such a file is mended, never loaded. */
export const REJECTED_ROW = "millrace_row";

/** `import_object.id` of the object that a row came from; null in rows that no import wrote. */
export const SOURCE_OBJECT = "source_object";

/** The row's first byte in that object, unpacked and in UTF-8. */
export const SOURCE_OFFSET = "source_offset";

/** The columns of a feed's table besides its contract's: they decide which of two rows with one key is newer. */
export const provenance = [SOURCE_OBJECT, SOURCE_OFFSET] as const;
