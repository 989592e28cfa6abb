import { type IncomingMessage, type RequestOptions, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import type { HttpOptions } from "./options";

/** A sent request, and the beginning of its answer. */
export interface HttpExchange {
  readonly response: IncomingMessage;
  /**
   * The connection's error so far. After the whole body was read: more bytes came, so it was longer than its
   * Content-Length. (Bytes that come later are never seen.)
   */
  failure(): Error | undefined;
  /** Closes the connection. */
  close(): void;
}

/** The request, and the lookup of its host. */
interface ExchangeRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly lookup: LookupFunction;
}

/**
 * Sends a GET on its own connection. TLS is verified whatever NODE_TLS_REJECT_UNAUTHORIZED says.
 *
 * Node's own client, not undici 7, which crashes the process when a server closes the connection while a slow reader
 * delays the body (nodejs/undici issue 5360; fixed in 8, which does not run on Node 20), and silently drops bytes after
 * the Content-Length.
 *
 * @throws Error of Node's net, tls or http modules, or a time-out, with its code
 */
export function exchange(
  url: URL,
  { headers, signal, lookup }: ExchangeRequest,
  { connectTimeoutMs, idleTimeoutMs, connect }: HttpOptions,
): Promise<HttpExchange> {
  const createConnection = connect as RequestOptions["createConnection"];
  // Node asks an agent for the connection, even the one that `false` creates, before it uses the option.
  const means = createConnection === undefined ? ({ agent: false } as const) : { createConnection };
  const options = { ...means, headers, signal, lookup };
  const isTls = url.protocol === "https:";
  const request = isTls ? requestHttps(url, { ...options, rejectUnauthorized: true }) : requestHttp(url, options);
  let failure: Error | undefined;
  const connecting = setTimeout(
    () => request.destroy(timeout("ERR_CONNECT_TIMEOUT", `no connection in ${connectTimeoutMs / 1000} s`)),
    connectTimeoutMs,
  );
  request.once("socket", (socket) => socket.once(isTls ? "secureConnect" : "connect", () => clearTimeout(connecting)));
  request.once("close", () => clearTimeout(connecting));
  return new Promise((resolve, reject) => {
    request.on("error", (error) => {
      failure ??= error;
      reject(error);
    });
    request.once("response", (response) =>
      resolve({ response, failure: () => failure, close: () => request.destroy() }),
    );
    request.setTimeout(idleTimeoutMs, () => {
      failure ??= timeout("ERR_IDLE_TIMEOUT", `nothing came for ${idleTimeoutMs / 1000} s`);
      request.destroy(failure);
    });
    request.end();
  });
}

function timeout(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
