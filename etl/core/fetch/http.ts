import type { Bytes } from "../ports";

/** One GET, without retries. */
export interface HttpRequest {
  /** The source's name in messages, including its address. */
  readonly source: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Ends the request at any point. */
  readonly signal: AbortSignal;
  /** Called with the bytes received so far, as transferred, and their total if the server announced it. */
  readonly onReceived: (done: number, total?: number) => void;
}

/** A final answer: redirects were followed. */
export interface HttpResponse {
  /** Its name in messages: the source and, after redirects, the address that answered. */
  readonly source: string;
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /**
   * The body, with its content encoding decoded.
   *
   * @throws TransientSourceError if it breaks off, or is shorter or longer than its Content-Length
   * @throws SourceError if it is larger than allowed
   */
  readonly body: Bytes;
}

/** An HTTP client, with verified TLS for https URLs. */
export interface HttpPort {
  /**
   * Sends a GET and passes the answer, with any status, to `use`. The connection is closed when `use` is done.
   *
   * @throws TransientSourceError if the server cannot be reached, hangs, or breaks off
   * @throws SourceError if it cannot be trusted or its redirects lead nowhere
   */
  get<Result>(request: HttpRequest, use: (response: HttpResponse) => Promise<Result>): Promise<Result>;
}
