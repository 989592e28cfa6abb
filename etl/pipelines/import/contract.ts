import type { Feed } from "../../core/contract/contract";

/** A feed of raw CSV objects, and the table that they are loaded into. */
export type ImportContract = Feed;
