import type { NetConnectOpts, Socket } from "node:net";
import { type Resolve, resolveName } from "./reach";

/** Limits and functions of a single request. Times in milliseconds. */
export interface HttpOptions {
  /** Until the connection is open, including TLS. Default: 10,000. */
  readonly connectTimeoutMs: number;
  /** The longest silence: until the headers arrive, and between two pieces of the body. Default: 30,000. */
  readonly idleTimeoutMs: number;
  /** Maximum number of redirects. Default: 5. */
  readonly maxRedirects: number;
  /** Maximum size of a body, both as sent and decoded. Default: 512 MiB, the smallest `/tmp` of a Lambda. */
  readonly maxBytes: number;
  /** Finds the addresses of a name. Default: the system's lookup. */
  readonly resolve: Resolve;
  /** Opens a connection. Default: Node's own, TCP or TLS. */
  readonly connect?: (options: NetConnectOpts) => Socket;
}

export const DEFAULT_HTTP: HttpOptions = {
  connectTimeoutMs: 10_000,
  idleTimeoutMs: 30_000,
  maxRedirects: 5,
  maxBytes: 512 * 1024 * 1024,
  resolve: resolveName,
};
