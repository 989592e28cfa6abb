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

/**
 * The URL as it may be logged and kept: user info, every value of its query that is not known to be harmless, and its
 * fragment are not shown.
 */
export function maskUrl(url: URL): string {
  const masked = new URL(url);
  if (masked.username !== "" || masked.password !== "") {
    masked.username = MASK;
    masked.password = "";
  }
  masked.search = url.search.slice(1).split("&").map(maskParameter).join("&");
  masked.hash = "";
  return masked.href;
}

/** Where data is, for a person to read: a URL masked, a path as it is. */
export function maskLocation(location: string): string {
  return isUrl(location) && URL.canParse(location) ? maskUrl(new URL(location)) : location;
}

/** Whether a text is meant as a URL, of whatever scheme, rather than as a path. */
export function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(text);
}

/** A parameter without a value may itself be the credential: `?abcd`, or `?abcd==` of base64. */
function maskParameter(parameter: string): string {
  const [name = "", value = ""] = parameter.split(/=(.*)/s);
  if (parameter === "" || HARMLESS.has(name.toLowerCase())) return parameter;
  return /^=*$/.test(value) ? MASK : `${name}=${MASK}`;
}
