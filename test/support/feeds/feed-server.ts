import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Answer } from "./feed-answers";

/** What the server was asked. */
export interface FeedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A feed on 127.0.0.1 that answers as it is told; paths that it was told nothing of get 404. */
export interface FeedServer {
  url(path: string): string;
  /** Answers requests for a path one after the other; the last answer is for all that follow. */
  serve(path: string, ...answers: Answer[]): void;
  readonly requests: readonly FeedRequest[];
  close(): Promise<void>;
}

/** @param tls PEM texts; without them the server speaks http */
export async function startFeedServer(tls?: { readonly key: string; readonly cert: string }): Promise<FeedServer> {
  const answers = new Map<string, Answer[]>();
  const requests: FeedRequest[] = [];
  const listener: RequestListener = ({ url = "/", headers }, response: ServerResponse) => {
    const path = url.split("?")[0] ?? url;
    requests.push({ path: url, headers, at: Date.now() });
    const queue = answers.get(path) ?? [];
    const answer = queue.length > 1 ? queue.shift() : queue[0];
    if (answer === undefined) response.writeHead(404).end("not here");
    else answer(response, headers);
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (path) => `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}${path}`,
    serve: (path, ...given) => answers.set(path, given),
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
