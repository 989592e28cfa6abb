/** A raw row that broke its contract. */
export interface RejectedRow {
  /** The source's name in the pipeline, or its address. */
  readonly source: string;
  /** The source's address, if `source` is its name. */
  readonly location?: string;
  /** 1 is the first line of the source, its header; undefined in a part that begins elsewhere. */
  readonly line?: number;
  /** The row's first byte in the (unpacked) source; undefined if the source has a name in the pipeline. */
  readonly offset?: number;
  readonly reason: string;
  /** The row's text, cut at 1,000 characters. */
  readonly raw: string;
  /** The columns of its source's header, where it has one. */
  readonly header?: readonly string[];
}

const RAW_KEPT = 1_000;

/** A row's text, shortened for keeping. */
export function cutRaw(raw: string): string {
  return raw.length > RAW_KEPT ? `${raw.slice(0, RAW_KEPT - 1)}…` : raw;
}
