/** What the loader's own columns and tables begin with: a table may have columns of any other name. No contract takes such names. */
export const HELPER_PREFIX = "millrace_";

/** `import_object.id` of the object that a row came from; null in rows that no import wrote. */
export const SOURCE_OBJECT = "source_object";

/** The byte of that object, unpacked and in UTF-8, that the row begins at. */
export const SOURCE_OFFSET = "source_offset";

/** The columns that a feed's table has besides its contract's: they decide which of two rows of one key is newer. */
export const provenance = [SOURCE_OBJECT, SOURCE_OFFSET] as const;
