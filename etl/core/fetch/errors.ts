import { type ErrorDetails, SourceError } from "../errors";

/** A transient failure to read a source: repeat the whole attempt. */
export class TransientSourceError extends SourceError {
  /** The wait that the server requested, in milliseconds. */
  readonly retryAfterMs: number;

  constructor(headline: string, details: ErrorDetails, retryAfterMs = 0) {
    super(headline, details);
    this.retryAfterMs = retryAfterMs;
  }
}
