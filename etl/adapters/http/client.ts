import { unescape as decode } from "node:querystring";
import type { HttpPort, HttpRequest, HttpResponse } from "../../core/fetch/http";
import { ACCEPT_ENCODING, readBody } from "./body";
import { exchange, type HttpExchange } from "./exchange";
import { explainHttpFailure } from "./failures";
import { DEFAULT_HTTP, type HttpOptions } from "./options";
import { Reach } from "./reach";
import { describeHops, isRedirect, nextHop } from "./redirects";

const OWN_HEADERS = {
  accept: "text/csv, */*;q=0.5",
  "accept-encoding": ACCEPT_ENCODING,
  "user-agent": "millrace",
};

/** HTTP with Node's own client. It ignores proxy variables, and keeps no connections open between requests. */
export class HttpClient implements HttpPort {
  readonly #options: HttpOptions;

  constructor(options: Partial<HttpOptions> = {}) {
    this.#options = { ...DEFAULT_HTTP, ...options };
  }

  async get<Result>(request: HttpRequest, use: (response: HttpResponse) => Promise<Result>): Promise<Result> {
    const hops = [request.url];
    const reach = new Reach(this.#options.resolve);
    for (let url = request.url; ; hops.push(url)) {
      const hop = { ...request, url, source: describeHops(request.source, hops) };
      const answer = await this.#send(hop, reach, url.host === request.url.host);
      try {
        const { statusCode = 0, headers } = answer.response;
        if (!isRedirect(statusCode)) return await use(this.#receive(hop, statusCode, answer));
        url = nextHop(request.source, hops, headers.location, this.#options.maxRedirects);
      } finally {
        answer.close();
      }
    }
  }

  async #send({ url, headers, signal, source }: HttpRequest, reach: Reach, isHome: boolean): Promise<HttpExchange> {
    const all = { ...OWN_HEADERS, ...authorization(url), ...(isHome ? headers : withoutCredentials(headers)) };
    const target = new URL(url.pathname + url.search, url.origin);
    try {
      reach.enter(target, source);
      return await exchange(target, { headers: all, signal, lookup: reach.lookup(source) }, this.#options);
    } catch (cause) {
      throw explainHttpFailure(cause, source);
    }
  }

  #receive({ source, onReceived }: HttpRequest, status: number, { response, failure }: HttpExchange): HttpResponse {
    const headers = flatten(response.headers);
    const body = readBody({
      bytes: response,
      contentLength: headers["content-length"],
      contentEncoding: headers["content-encoding"],
      failure,
      source,
      maxBytes: this.#options.maxBytes,
      onReceived,
    });
    return { source, status, headers, body };
  }
}

/** Headers that may be sent to a host other than the first one. */
function withoutCredentials(headers: HttpRequest["headers"]): HttpRequest["headers"] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(authorization|cookie)$/i.test(name)));
}

/** HTTP Basic: RFC 7617. */
function authorization({ username, password }: URL): Record<string, string> {
  if (username === "") return {};
  const credentials = `${decode(username)}:${decode(password)}`;
  return { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` };
}

function flatten(headers: HttpExchange["response"]["headers"]): HttpResponse["headers"] {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : value]),
  );
}
