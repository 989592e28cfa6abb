import type { Bytes } from "../ports";

/** One GET, without retries. */
export interface HttpRequest {
  /** What messages call the source, its address included. */
  readonly source: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Ends the request wherever it is. */
  readonly signal: AbortSignal;
  /** Told the bytes received so far as they came over the wire, and how many there will be where the server said so. */
  readonly onReceived: (done: number, total?: number) => void;
}

/** A final answer: redirects were followed. */
export interface HttpResponse {
  /** What messages call it: the source, and after redirects the address that answered. */
  readonly source: string;
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /**
   * The body, its content encoding undone.
   *
   * @throws TransientSourceError when it breaks off, or is shorter or longer than its Content-Length
   * @throws SourceError when it is larger than allowed
   */
  readonly body: Bytes;
}

/** Speaks HTTP, over verified TLS where the URL says https. */
export interface HttpPort {
  /**
   * Sends a GET and hands the answer, whatever its status, to `use`. The connection is closed when `use` is done.
   *
   * @throws TransientSourceError when the server cannot be reached, hangs, or breaks off
   * @throws SourceError when it is not to be trusted or its redirects lead nowhere
   */
  get<Result>(request: HttpRequest, use: (response: HttpResponse) => Promise<Result>): Promise<Result>;
}
