import { holdsUserInfo, isSecretParameter } from "./secret-parameters";

/**
 * Query parameters whose values are shown: which part of the data, in which form, and a presigned address's own data
 * except its signature. Any other may be a credential.
 */
const HARMLESS: ReadonlySet<string> = new Set(
  (
    "v version versionid format lang page limit offset date day month year from to since until start end " +
    "x-amz-algorithm x-amz-date x-amz-expires x-amz-signedheaders"
  ).split(" "),
);

/** The shown value of such a parameter: nothing in it begins another parameter or an address, decoded once or more. */
const PLAIN_VALUE = /^([\w.,:+~-]|%(20|2C|3A|2B)|(\/|%2F)(?!\/|%2F))*$/i;
/** The one list whose parts are divided by semicolons. */
const SIGNED_HEADERS = /^([\w-]|%3B)*$/i;

/** Replaces masked parts. */
export const MASK = "***";

/**
 * An address without its scheme, as curl and browsers accept it: user info before a host, or a host with a query. A
 * path that looks like one can be given with `./` before it.
 */
const WITHOUT_SCHEME =
  /^(\/\/[^/]*@|[^/@]+:[^/]*@[^/?]+[/?]|(\/\/[^/?]+|[\w-]+(\.[\w-]+)+(:\d+)?|[\w-]+:\d+)\/[^?]*\?.*=)/;

/** Characters of which an address with a credential has at least one. */
const SECRET_SIGNS = /[@?#;]/;

/**
 * The URL for logs and storage: without user info, values of its query that are not known to be harmless, credentials
 * in parameters of its path, addresses with user info within its path, and its fragment.
 */
export function maskUrl(url: URL): string {
  const masked = new URL(url);
  if (masked.username !== "" || masked.password !== "") {
    masked.username = MASK;
    masked.password = "";
  }
  masked.pathname = maskPath(url.pathname);
  masked.search = url.search.slice(1).split("&").map(maskParameter).join("&");
  masked.hash = "";
  return masked.href;
}

function maskPath(path: string): string {
  if (holdsUserInfo(path)) return `/${MASK}`;
  return path.replace(/;([^=;/]+)=[^;/]*/g, (parameter, name) =>
    isSecretParameter(name) ? `;${name}=${MASK}` : parameter,
  );
}

/** A data location for users: a URL is masked, an unreadable one hidden, a path unchanged. */
export function maskLocation(location: string): string {
  return isUrl(location) ? maskAddress(location) : location;
}

/** An unreadable one, or one without a host, is not shown if it may contain a credential. */
function maskAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && url.host !== "") return maskUrl(url);
  return SECRET_SIGNS.test(text) ? MASK : text;
}

/** Any text, masked like {@link maskLocation}. */
export function maskText(text: string): string {
  if (!(isUrl(text) || /:\/\//.test(text)) || !SECRET_SIGNS.test(text)) return text;
  return maskAddress(text);
}

/**
 * Whether a text is a URL, of any scheme, rather than a path: also texts that a client would still read as one, with
 * blanks before it, line ends or tabs within it, or without slashes or scheme; and any text with an address's user
 * info.
 */
export function isUrl(text: string): boolean {
  const read = text.replace(/^[\0-\x20]+|[\t\n\r]/g, "");
  return /^([a-z][a-z0-9+.-]+:\/\/|(https?|s?ftps?):)/i.test(read) || holdsUserInfo(read) || WITHOUT_SCHEME.test(read);
}

/** A parameter without a value may itself be the credential: `?abcd`, or `?abcd==` of base64. */
function maskParameter(parameter: string): string {
  const [name = "", value = ""] = parameter.split(/=(.*)/s);
  const plain = name.toLowerCase() === "x-amz-signedheaders" ? SIGNED_HEADERS : PLAIN_VALUE;
  if (parameter === "" || (HARMLESS.has(name.toLowerCase()) && plain.test(value))) return parameter;
  return /^=*$/.test(value) ? MASK : `${name}=${MASK}`;
}
