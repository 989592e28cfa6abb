import { createHash } from "node:crypto";
import { type PageAssets, readAssets } from "./asset-files";

let assets: PageAssets | undefined;

/** The files embedded in every page; read once. */
export function pageAssets(): PageAssets {
  assets ??= readAssets();
  return assets;
}

/**
 * The Content-Security-Policy of every page: nothing is fetched, and only the scripts and the style that we wrote run.
 * For a `<meta>` element; a server adds `frame-ancestors`, which browsers accept only in a header.
 */
export function pagePolicy(): string {
  const { style, charts, runs } = pageAssets();
  return [
    "default-src 'none'",
    `script-src ${[...charts, runs].map(hashSource).join(" ")}`,
    `style-src ${hashSource(style)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function hashSource(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
