import { SourceError } from "./errors";

/** Parameters that carry a credential: of presigned S3 and Azure addresses, and what APIs commonly call theirs. */
const SECRET_PARAMETER =
  /^(x-amz-(signature|credential|security-token)|sig|signature|token|access_token|auth|api[-_]?key|secret|password)$/i;

/** Whether a text is meant as a URL, of whatever scheme, rather than as a path. */
export function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(text);
}

/** @throws SourceError unless the text is an http or https URL */
export function parseHttpUrl(text: string, name: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && isHttp(url)) return url;
  throw new SourceError("This is no address to download from", {
    got: url === undefined ? "text that is no URL" : `the scheme ${url.protocol}`,
    expected: "a URL that begins with http:// or https://",
    where: { source: name },
    fix: "Correct the address, or give the path of a file",
  });
}

export function isHttp({ protocol }: URL): boolean {
  return protocol === "http:" || protocol === "https:";
}

/** The URL with its credentials shown as `***`: what may be logged and kept. */
export function maskUrl(url: URL): string {
  const masked = new URL(url);
  if (masked.username !== "" || masked.password !== "") {
    masked.username = "***";
    masked.password = "";
  }
  for (const parameter of new Set(masked.searchParams.keys())) {
    if (SECRET_PARAMETER.test(parameter)) masked.searchParams.set(parameter, "***");
  }
  return masked.href;
}
