/** Replaces what a reviewer must not see. */
export const SENSITIVE = "(sensitive)";
