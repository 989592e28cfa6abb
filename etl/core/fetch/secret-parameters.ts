/**
 * Endings of the names of parameters with a credential, without their separators: of presigned addresses of S3,
 * CloudFront, Google and Azure, and common names of APIs. Only `key` may also name a document.
 */
const SECRET_END =
  /(token|secret|passw(or)?d|passphrase|signature|credentials?|authorization|sessionid|keypairid|(api|app|access|account|auth|consumer|private|secret|shared|signing|subscription)key(id)?)\d*$/;
/** The last words of such names; within longer words they have another meaning. */
const SECRET_LAST = /^(sig|auth|pwd|pass|jwt|bearer|sas|hmac)\d*$/;
/** Words that are secret in any place of the name. */
const SECRET_WORD = /^(token|secret|password|passphrase|signature|credentials?)$/;
/** The separators of a list. */
const PLACE_IN_LIST = /(page|next|continuation)token$/;

/** Whether a parameter of an address may be a credential, by its name. */
export function isSecretParameter(name: string): boolean {
  const words = name
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word !== "");
  const whole = words.join("");
  if (PLACE_IN_LIST.test(whole)) return false;
  return SECRET_END.test(whole) || SECRET_LAST.test(words.at(-1) ?? "") || words.some((word) => SECRET_WORD.test(word));
}

/** Whether a text has an address with user info in it: `…/https://me:pw@host`, percent-encoded or not. */
export function holdsUserInfo(text: string): boolean {
  return /[a-z][a-z0-9+.-]+:\/{1,2}[^/?#]*@/i.test(decode(text));
}

/**
 * Whether an address contains a credential: user info, its own or that of an address in its path, or a parameter of
 * such a name, in the query, the path (`;name=value`) or the fragment, or a value that is such an address.
 */
export function holdsCredential(url: URL): boolean {
  if (url.username !== "" || url.password !== "" || holdsUserInfo(`${url.pathname}${url.hash}`)) return true;
  const query = url.search.slice(1).split(/[&;]/);
  // A word of the path or the fragment is not a parameter.
  const others = [...url.pathname.split(/[;/]/), ...url.hash.slice(1).split(/[&;?]/)].filter((part) => /=/.test(part));
  return [...query, ...others].some(isCredential);
}

function isCredential(part: string): boolean {
  const [name = "", value = ""] = part.split(/=(.*)/s).map(decode);
  return isSecretParameter(name) || (/:\/\//.test(value) && URL.canParse(value) && holdsCredential(new URL(value)));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
