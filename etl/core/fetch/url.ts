import { SourceError } from "../errors";
import { isUrl, maskLocation } from "./mask-url";
import { isSecretParameter } from "./secret-parameters";

/** @throws SourceError unless the text is an http or https URL */
export function parseHttpUrl(text: string, name: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && isHttp(url)) return url;
  throw new SourceError("This is not an address to download from", {
    // In an address without a scheme, the user's name passes for one.
    got: url === undefined || url.host === "" ? "text that is not a URL" : `the scheme ${url.protocol}`,
    expected: "a URL that begins with http:// or https://",
    where: { source: name },
    fix: "Correct the address",
  });
}

export function isHttp({ protocol }: URL): boolean {
  return protocol === "http:" || protocol === "https:";
}

/**
 * Identifies an address across runs: everything except credentials, whose change does not change the data. Do not show
 * it: use {@link maskUrl} for that.
 */
export function identifyUrl(url: URL): string {
  const identity = new URL(url);
  if (identity.username !== "" || identity.password !== "") {
    identity.username = "***";
    identity.password = "";
  }
  for (const parameter of new Set(identity.searchParams.keys())) {
    if (isSecretParameter(parameter)) identity.searchParams.set(parameter, "***");
  }
  return identity.href;
}

/** @throws SourceError if a path is expected and this is an address: no file system error may show its credentials */
export function refuseUrl(path: string): void {
  if (!isUrl(path)) return;
  throw new SourceError("This is an address, not a path", {
    got: maskLocation(path),
    expected: "a path on this machine",
    fix: "Download it first, and give the path of the file (with ./ before one that looks like an address)",
  });
}
