/** Stands for what a reviewer is not shown. */
export const SENSITIVE = "(sensitive)";
