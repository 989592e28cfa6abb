/* The names of the loader's own columns: all begin with HELPER_PREFIX. */

/** Whether a row's key was new to the table. */
export const IS_NEW = "millrace_is_new";
/** Whether a row that was written was inserted. */
export const IS_INSERT = "millrace_is_insert";
/** The fate of a row of an import. */
export const FATE = "millrace_fate";
