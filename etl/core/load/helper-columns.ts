/**
 * What the loader's own columns are called: a table may have a column of any other name. No contract takes names that begin so.
 */
export const HELPER_PREFIX = "millrace_";

/** Whether a row's key was new to the table. */
export const IS_NEW = "millrace_is_new";
/** Whether a row that was written was inserted. */
export const IS_INSERT = "millrace_is_insert";
/** What becomes of a row of an import. */
export const FATE = "millrace_fate";
