import { SourceError } from "../../core/errors";
import { maskUrl } from "../../core/fetch/mask-url";
import { isHttp } from "../../core/fetch/url";

/** RFC 9110, section 15.4; 300 and 304 have no target. */
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export function isRedirect(status: number): boolean {
  return REDIRECTS.has(status);
}

/** The last hop's name in messages: the source, and the target of its redirect. */
export function describeHops(source: string, hops: readonly URL[]): string {
  return [source, ...hops.slice(1).map(maskUrl)].join(" → ");
}

/**
 * The target of a redirect. Credentials are kept only for the same origin.
 *
 * @param source the source's name in messages
 * @param hops all addresses so far, in order
 * @throws SourceError if it leads in a circle, too far, from https to http, or nowhere
 */
export function nextHop(source: string, hops: readonly URL[], location: string | undefined, maxRedirects: number): URL {
  const from = hops.at(-1);
  const to = location !== undefined && URL.canParse(location, from?.href) ? new URL(location, from) : undefined;
  if (from === undefined || to === undefined) throw refuse(source, hops, "a redirect without a usable Location");
  if (!isHttp(to)) throw refuse(source, hops, `a redirect to the scheme ${to.protocol}`);
  if (from.protocol === "https:" && to.protocol === "http:")
    throw refuse(source, hops, "a redirect from https to http");
  if (to.origin === from.origin && to.username === "") {
    to.username = from.username;
    to.password = from.password;
  }
  if (hops.some(({ href }) => href === to.href)) throw refuse(source, [...hops, to], "redirects in a circle");
  if (hops.length > maxRedirects) throw refuse(source, [...hops, to], `more than ${maxRedirects} redirects`);
  return to;
}

function refuse(source: string, hops: readonly URL[], got: string): SourceError {
  return new SourceError("The address redirects, but not to data", {
    got,
    where: { source: describeHops(source, hops) },
    fix: "Open the address in a browser, and use the final one",
  });
}
