/** A raw row that broke its contract. */
export interface RejectedRow {
  /** What the pipeline calls the source, or its address. */
  readonly source: string;
  /** The source's address, where `source` is another name. */
  readonly location?: string;
  /** 1 is the first line of the source, its header; undefined where it is read in parts. */
  readonly line?: number;
  /** The byte of the (unpacked) source that the row begins at, where the line is not known. */
  readonly offset?: number;
  readonly reason: string;
  /** The row's text, cut at 1,000 characters. */
  readonly raw: string;
}

const RAW_KEPT = 1_000;

/** A row's text as it is kept. */
export function cutRaw(raw: string): string {
  return raw.length > RAW_KEPT ? `${raw.slice(0, RAW_KEPT - 1)}…` : raw;
}
