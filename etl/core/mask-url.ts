import { isSecretParameter } from "./secret-parameters";

/**
 * Query parameters whose values are shown: which part of the data, in which form, and what a presigned address says of
 * itself besides its signature. Whatever is not here may be a credential.
 */
const HARMLESS: ReadonlySet<string> = new Set(
  (
    "v version versionid format lang page limit offset date day month year from to since until start end " +
    "x-amz-algorithm x-amz-date x-amz-expires x-amz-signedheaders"
  ).split(" "),
);

const MASK = "***";

/** What an address with a credential has at least one of. */
const SECRET_SIGNS = /[@?#;]/;

/**
 * The URL as it may be logged and kept: user info, every value of its query that is not known to be harmless, parameters
 * of its path that are credentials, and its fragment are not shown.
 */
export function maskUrl(url: URL): string {
  const masked = new URL(url);
  if (masked.username !== "" || masked.password !== "") {
    masked.username = MASK;
    masked.password = "";
  }
  masked.pathname = url.pathname.replace(/;([^=;/]+)=[^;/]*/g, (parameter, name) =>
    isSecretParameter(name) ? `;${name}=${MASK}` : parameter,
  );
  masked.search = url.search.slice(1).split("&").map(maskParameter).join("&");
  masked.hash = "";
  return masked.href;
}

/** Where data is, for a person to read: a URL masked, one that cannot be read not shown, a path as it is. */
export function maskLocation(location: string): string {
  if (!isUrl(location)) return location;
  if (URL.canParse(location)) return maskUrl(new URL(location));
  return SECRET_SIGNS.test(location) ? MASK : location;
}

/** Any text, as {@link maskLocation}; what a client would still read as an address, blanks and missing slashes included. */
export function maskText(text: string): string {
  if (!/^\s*(https?|ftp):|:\/\//i.test(text) || !SECRET_SIGNS.test(text)) return text;
  return URL.canParse(text) ? maskUrl(new URL(text)) : MASK;
}

/** Whether a text is meant as a URL, of whatever scheme, rather than as a path. */
export function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(text);
}

/** A parameter without a value may itself be the credential: `?abcd`, or `?abcd==` of base64. */
function maskParameter(parameter: string): string {
  const [name = "", value = ""] = parameter.split(/=(.*)/s);
  // Some servers take a semicolon for an ampersand.
  if (parameter === "" || (HARMLESS.has(name.toLowerCase()) && !value.includes(";"))) return parameter;
  return /^=*$/.test(value) ? MASK : `${name}=${MASK}`;
}
