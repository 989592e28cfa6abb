import { Agent, buildConnector } from "undici";
import type { HttpOptions } from "./http-options";

/** The connections of one GET: one for each hop, each closed after its response. */
export interface HttpConnection {
  readonly agent: Agent;
  /** How many bytes came behind the end of the last response, as its Content-Length has it. */
  surplus(): number;
}

/**
 * TLS is verified whatever NODE_TLS_REJECT_UNAUTHORIZED says.
 *
 * undici, like every client, ends a body at its Content-Length and drops what follows. It first puts that back into
 * the socket, which it has destroyed by then: there it is counted. What the server sends later still is never seen.
 */
export function openConnection({ connectTimeoutMs, idleTimeoutMs }: HttpOptions): HttpConnection {
  let surplus = 0;
  const connect = buildConnector({ timeout: connectTimeoutMs, rejectUnauthorized: true });
  const agent = new Agent({
    pipelining: 0,
    headersTimeout: idleTimeoutMs,
    bodyTimeout: idleTimeoutMs,
    connect: (options, callback) =>
      connect(options, (...[error, socket]) => {
        if (error !== null) return callback(error, null);
        surplus = 0;
        const unshift = socket.unshift.bind(socket);
        socket.unshift = (chunk: Uint8Array, encoding) => {
          if (socket.destroyed) surplus += chunk.length;
          return unshift(chunk, encoding);
        };
        return callback(null, socket);
      }),
  });
  return { agent, surplus: () => surplus };
}
