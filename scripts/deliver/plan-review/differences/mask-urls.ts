import { maskUrl } from "../../../../etl/core/fetch/mask-url";
import { SENSITIVE } from "./sensitive";

/**
 * An address within a text, up to the next one. User info may have quotation marks of one kind; Terraform's JSON, which
 * a value may hold as text, and which may hold such text itself, escapes `&`, `<` and `>`.
 */
const URLS = /[a-z][a-z0-9+.-]*:\/\/(?:[^\s"\\/?#]*@)?(?:\\+u00(?:26|3c|3e)|(?![a-z][a-z0-9+.-]*:\/\/)[^\s"'<>\\`])+/gi;

/**
 * A text with every address masked as in messages: without its user info, and without query values that may be
 * credentials. An unreadable address is not shown at all.
 */
export function maskUrls(text: string): string {
  return text.replace(URLS, (found) => {
    const written = found.replaceAll(/\\+u0026/g, "&");
    if (!/[@?#;]/.test(written)) return found;
    return URL.canParse(written) ? maskUrl(new URL(written)) : SENSITIVE;
  });
}
