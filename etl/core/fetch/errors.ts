import { type ErrorDetails, SourceError } from "../errors";

/** A failure to read a source that may well pass: the whole attempt is worth repeating. */
export class TransientSourceError extends SourceError {
  /** How long the server asked us to wait, in milliseconds. */
  readonly retryAfterMs: number;

  constructor(headline: string, details: ErrorDetails, retryAfterMs = 0) {
    super(headline, details);
    this.retryAfterMs = retryAfterMs;
  }
}
