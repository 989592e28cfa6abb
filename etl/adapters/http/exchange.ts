import { type IncomingMessage, type RequestOptions, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import type { HttpOptions } from "./options";

/** A request that was sent, and the beginning of its answer. */
export interface HttpExchange {
  readonly response: IncomingMessage;
  /**
   * What went wrong on the connection so far. Once the whole body was read, this is that more bytes came behind it:
   * it was longer than its Content-Length. (Bytes that come later still are never seen.)
   */
  failure(): Error | undefined;
  /** Closes the connection. */
  close(): void;
}

/** What is sent, and how its host is looked up. */
interface ExchangeRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly lookup: LookupFunction;
}

/**
 * Sends a GET on a connection of its own. TLS is verified whatever NODE_TLS_REJECT_UNAUTHORIZED says.
 *
 * Node's own client, not undici 7: that one crashes the process when a server closes the connection while a slow reader
 * holds the body back (nodejs/undici issue 5360; mended in 8, which does not run on Node 20), and drops unseen
 * what follows a Content-Length.
 *
 * @throws Error of Node's net, tls or http modules, or a time-out, with its code
 */
export function exchange(
  url: URL,
  { headers, signal, lookup }: ExchangeRequest,
  { connectTimeoutMs, idleTimeoutMs, connect }: HttpOptions,
): Promise<HttpExchange> {
  const createConnection = connect as RequestOptions["createConnection"];
  // Node asks an agent for the connection, even that of its own that `false` makes, before it asks the option.
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
