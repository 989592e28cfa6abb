import { maskUrl } from "../../../../etl/core/fetch/mask-url";
import { SENSITIVE } from "./sensitive";

/**
 * An address within a text, up to the next one. User info may have quotation marks of one kind; Terraform's JSON, which a
 * value may hold as text, and which may hold such text itself, writes `&`, `<` and `>` by their numbers.
 */
const URLS = /[a-z][a-z0-9+.-]*:\/\/(?:[^\s"\\/?#]*@)?(?:\\+u00(?:26|3c|3e)|(?![a-z][a-z0-9+.-]*:\/\/)[^\s"'<>\\`])+/gi;

/**
 * A text with every address in it shown as messages show it: without its user info, and without the values of its query
 * that may be credentials. What looks like an address and cannot be read is not shown.
 */
export function maskUrls(text: string): string {
  return text.replace(URLS, (found) => {
    const written = found.replaceAll(/\\+u0026/g, "&");
    if (!/[@?#;]/.test(written)) return found;
    return URL.canParse(written) ? maskUrl(new URL(written)) : SENSITIVE;
  });
}
