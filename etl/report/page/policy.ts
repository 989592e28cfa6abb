import { createHash } from "node:crypto";

export interface PageParts {
  readonly scripts: readonly string[];
  readonly style: string;
  /** Directives for more than scripts and a style. @default none */
  readonly more?: readonly string[];
}

/**
 * The Content-Security-Policy of a page: nothing is fetched, and only the scripts and the style that we wrote run. For a
 * `<meta>` element; a server adds `frame-ancestors`, which browsers accept only in a header.
 */
export function contentPolicy({ scripts, style, more = [] }: PageParts): string {
  return [
    "default-src 'none'",
    `script-src ${scripts.map(hashSource).join(" ")}`,
    `style-src ${hashSource(style)}`,
    ...more,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function hashSource(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
