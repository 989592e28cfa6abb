import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerResponse } from "node:http";

/** One answer of a feed server. */
export type Answer = (response: ServerResponse, asked: IncomingHttpHeaders) => void;

/** Status 200 and a body, its Content-Length right. */
export function file(body: string | Uint8Array, headers: OutgoingHttpHeaders = {}): Answer {
  return (response) =>
    response
      .writeHead(200, { "content-type": "text/csv", "content-length": Buffer.byteLength(body), ...headers })
      .end(body);
}

/** Status 200 and a body that ends with the connection: nothing tells its length (HTTP/1.0). */
export function fileToTheEnd(body: string, headers: OutgoingHttpHeaders = {}): Answer {
  return (response) => {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    response.socket?.end(`HTTP/1.0 200 OK\r\n${lines.join("")}\r\n${body}`);
  };
}

/** Status 200 and a body whose length only its end tells. */
export function fileInChunks(body: string): Answer {
  return (response) => {
    response.writeHead(200).flushHeaders();
    response.end(body);
  };
}

/** 304 to who has this ETag, else the file. */
export function fileWithEtag(body: string, etag: string): Answer {
  return (response, asked) =>
    asked["if-none-match"] === etag ? response.writeHead(304, { etag }).end() : file(body, { etag })(response, asked);
}

/** 304 to who has this date, else the file. */
export function fileWithDate(body: string, date: string): Answer {
  const headers = { "last-modified": date };
  return (response, asked) =>
    asked["if-modified-since"] === date ? response.writeHead(304).end() : file(body, headers)(response, asked);
}

export function status(code: number, headers: OutgoingHttpHeaders = {}): Answer {
  return (response) => response.writeHead(code, headers).end(`status ${code}`);
}

export function redirect(to: string, code = 302): Answer {
  return status(code, { location: to });
}

/** Takes the request and says nothing, ever. */
export function hang(): Answer {
  return () => undefined;
}

/** Begins a body of 1,000 bytes and says nothing more, ever. */
export function hangWithin(begin: string): Answer {
  return (response) => response.writeHead(200, { "content-length": 1_000 }).write(begin);
}

/** Begins a body of unknown length and cuts the connection. */
export function cutWithin(begin: string): Answer {
  return (response) => response.writeHead(200).write(begin, () => response.socket?.destroy());
}

/** Ends the connection in order after the body, whose Content-Length is `length`. */
export function fileOfLength(body: string | Uint8Array, length: number, headers: OutgoingHttpHeaders = {}): Answer {
  return (response) => {
    const lines = Object.entries({ "content-length": length, ...headers }).map(([name, value]) => `${name}: ${value}`);
    const head = `HTTP/1.1 200 OK\r\n${lines.join("\r\n")}\r\n\r\n`;
    response.socket?.end(Buffer.concat([Buffer.from(head), Buffer.from(body)]));
  };
}
