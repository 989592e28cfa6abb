/** A stream of raw bytes, in the order of the source. */
export type Bytes = AsyncIterable<Uint8Array>;

/** A source of raw rows: a file, an S3 object, a body kept by a {@link RawStore}. */
export interface Source {
  /** The name that the pipeline gives it, for example `cases`; used in messages and in `rejected_row`. */
  readonly name: string;
  /** Path, URL or `s3://` address where the data was first found. */
  readonly location: string;
  /** Size in bytes where it is known before reading; for progress only. */
  readonly size?: number;
  /** Whether a download found the same content as the last time; undefined if it was not checked. */
  readonly unchanged?: boolean;
  /** It came without its length and ends within a line: it is unknown whether it is complete. Default: false. */
  readonly mayBeCut?: boolean;
  /** The day that its address asked for, `YYYY-MM-DD`; undefined where the address has no `{date}`. */
  readonly day?: string;
  /** Opens the source at its first byte. @throws SourceError when it is missing or unreadable. */
  open(): Promise<Bytes>;
}

/** A body that a {@link RawStore} keeps. `key` is its address there. */
export interface RawObject {
  readonly key: string;
  /** Hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/** The memory of a URL between runs, so that an unchanged source need not be transferred again. */
export interface RememberedDownload extends RawObject {
  readonly etag?: string;
  readonly lastModified?: string;
  /** As {@link Source.mayBeCut} says. */
  readonly mayBeCut?: boolean;
}

/**
 * Keeps downloaded bodies: a folder on a laptop, the raw bucket on AWS. A body is there whole or not at all:
 * when the stream passed to `put` throws, nothing is kept.
 */
export interface RawStore {
  /** Keeps a body under a key made of the source's name, the day (`YYYY-MM-DD`, UTC) and its sha256. */
  put(name: string, day: string, body: Bytes): Promise<RawObject>;
  /** @throws SourceError when no such body is kept */
  open(key: string): Promise<Bytes>;
  /** What was remembered of an address, for as long as the body that it speaks of is still kept. */
  recall(url: string): Promise<RememberedDownload | undefined>;
  remember(url: string, download: RememberedDownload): Promise<void>;
}

/** A stage of a run, for its progress. */
export type Stage = "download" | "parse" | "load";

/** Called with a run's progress, often; must be cheap and must not throw. */
export interface Progress {
  /** `done` and `total` in bytes for download and parse, in rows for load; `total` undefined when unknown. */
  advance(stage: Stage, subject: string, done: number, total?: number): void;
  finish(stage: Stage, subject: string): void;
}

/** A run's message at its end. */
export interface Notification {
  readonly pipeline: string;
  readonly runId: string;
  readonly status: "succeeded" | "failed";
  /** One line, at most 100 characters: the limit of an SNS subject. */
  readonly subject: string;
  readonly text: string;
}

export interface Notifier {
  notify(notification: Notification): Promise<void>;
}
