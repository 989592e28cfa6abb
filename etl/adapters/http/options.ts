import type { NetConnectOpts, Socket } from "node:net";
import { type Resolve, resolveName } from "./reach";

/** Limits of a single request, and its means. Times in milliseconds. */
export interface HttpOptions {
  /** Until the connection stands, TLS included. Default: 10,000. */
  readonly connectTimeoutMs: number;
  /** The longest silence: until the headers are there, and between two pieces of the body. Default: 30,000. */
  readonly idleTimeoutMs: number;
  /** How many redirects are followed. Default: 5. */
  readonly maxRedirects: number;
  /** Size of a body, as sent and decoded alike. Default: 512 MiB, the least `/tmp` that a Lambda has. */
  readonly maxBytes: number;
  /** Finds the addresses of a name. Default: as the system does. */
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
