import type { Feed } from "../../core/contract/contract";

/** How an object is packed. `by-name`: keys that end in `.gz` and `.zst` are, the others are not. */
export type Compression = "by-name" | "none" | "gzip" | "zstd";

/** A feed of raw CSV objects, and the table that they are loaded into. */
export interface ImportContract extends Feed {
  /** Default: `by-name`. */
  readonly compression?: Compression;
}
