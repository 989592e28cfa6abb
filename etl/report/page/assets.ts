import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";

interface Assets {
  readonly style: string;
  /** uPlot, then the code that draws the charts. */
  readonly scripts: readonly string[];
}

let assets: Assets | undefined;

/** What every page carries inside itself; read from the disk once. */
export function pageAssets(): Assets {
  assets ??= {
    style: [
      read(require.resolve("uplot/dist/uPlot.min.css")),
      ...["page.css", "figures.css", "tables.css"].map(readOwn),
    ].join("\n"),
    scripts: [
      read(require.resolve("uplot/dist/uPlot.iife.min.js")),
      `(() => {\n"use strict";\n${readOwn("charts.js")}\n})();`,
    ],
  };
  return assets;
}

/**
 * The Content-Security-Policy of every page: nothing is fetched, and only the scripts and the style that we wrote run.
 * For a `<meta>` element; a server adds `frame-ancestors`, which browsers heed in a header only.
 */
export function pagePolicy(): string {
  const { style, scripts } = pageAssets();
  return [
    "default-src 'none'",
    `script-src ${scripts.map(hashSource).join(" ")}`,
    `style-src ${hashSource(style)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function readOwn(name: string): string {
  return read(path.join(__dirname, "..", "browser", name));
}

function read(file: string): string {
  return readFileSync(file, "utf8").trim();
}

function hashSource(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
