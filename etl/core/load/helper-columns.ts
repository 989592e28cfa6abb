/* What the loader's own columns are called: all begin with HELPER_PREFIX. */

/** Whether a row's key was new to the table. */
export const IS_NEW = "millrace_is_new";
/** Whether a row that was written was inserted. */
export const IS_INSERT = "millrace_is_insert";
/** What becomes of a row of an import. */
export const FATE = "millrace_fate";
