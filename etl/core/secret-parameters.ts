/**
 * What query parameters are called that carry a credential: of presigned addresses of S3, CloudFront, Google and Azure,
 * and what APIs commonly call theirs. `key` is not among them: it may as well name a document.
 */
const SECRET =
  /^(x-(amz|goog)-(signature|credential|security-token)|key-pair-id|sig|signature|(access|auth|api|id|refresh|session|security|private)?[-_]?token|auth|authorization|(api|access|subscription|private)[-_]?key|(client[-_]?)?secret|pass(word|wd|phrase)?|pwd|credentials?|jwt|bearer)$/i;

/** Whether a query parameter of this name is a credential, for all that is known. */
export function isSecretParameter(name: string): boolean {
  return SECRET.test(name);
}

/** Whether an address holds a credential: user info, or a parameter of such a name. */
export function holdsCredential(url: URL): boolean {
  return url.username !== "" || url.password !== "" || [...url.searchParams.keys()].some(isSecretParameter);
}
