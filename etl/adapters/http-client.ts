import { unescape as decode } from "node:querystring";
import { type Dispatcher, request as send } from "undici";
import type { HttpPort, HttpRequest, HttpResponse } from "../core/fetch-http";
import { ACCEPT_ENCODING, readBody } from "./http-body";
import { type HttpConnection, openConnection } from "./http-connection";
import { explainHttpFailure } from "./http-failures";
import { DEFAULT_HTTP, type HttpOptions } from "./http-options";
import { describeHops, isRedirect, nextHop } from "./http-redirects";

const OWN_HEADERS = {
  accept: "text/csv, */*;q=0.5",
  "accept-encoding": ACCEPT_ENCODING,
  "user-agent": "millrace",
};

/** HTTP by undici, which looks at no proxy variable. Nothing is kept open between requests. */
export class HttpClient implements HttpPort {
  readonly #options: HttpOptions;

  constructor(options: Partial<HttpOptions> = {}) {
    this.#options = { ...DEFAULT_HTTP, ...options };
  }

  async get<Result>(request: HttpRequest, use: (response: HttpResponse) => Promise<Result>): Promise<Result> {
    const connection = openConnection(this.#options);
    try {
      return await use(await follow(request, connection, this.#options));
    } finally {
      await connection.agent.destroy();
    }
  }
}

async function follow(request: HttpRequest, connection: HttpConnection, limits: HttpOptions): Promise<HttpResponse> {
  const hops = [request.url];
  for (let url = request.url; ; ) {
    const hop = { ...request, source: describeHops(request.source, hops) };
    const response = await sendTo(url, hop, connection);
    if (!isRedirect(response.statusCode)) return receive(response, hop, connection, limits);
    response.body.on("error", () => undefined).destroy();
    url = nextHop(request.source, hops, flatten(response.headers).location, limits.maxRedirects);
    hops.push(url);
  }
}

async function sendTo(url: URL, { headers, signal, source }: HttpRequest, { agent }: HttpConnection) {
  try {
    return await send(new URL(url.pathname + url.search, url.origin), {
      dispatcher: agent,
      headers: { ...OWN_HEADERS, ...authorization(url), ...headers },
      signal,
    });
  } catch (cause) {
    throw explainHttpFailure(cause, source);
  }
}

/** HTTP Basic: RFC 7617. */
function authorization({ username, password }: URL): Record<string, string> {
  if (username === "") return {};
  const credentials = `${decode(username)}:${decode(password)}`;
  return { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` };
}

function receive(
  { statusCode, headers: raw, body }: Dispatcher.ResponseData,
  { source, onReceived }: HttpRequest,
  { surplus }: HttpConnection,
  { maxBytes }: HttpOptions,
): HttpResponse {
  const headers = flatten(raw);
  const bytes = readBody({
    bytes: body,
    contentLength: headers["content-length"],
    contentEncoding: headers["content-encoding"],
    surplus,
    source,
    maxBytes,
    onReceived,
  });
  return { status: statusCode, headers, body: bytes };
}

function flatten(headers: Dispatcher.ResponseData["headers"]): HttpResponse["headers"] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
  );
}
