import { readFileSync } from "node:fs";
import path from "node:path";

export interface PageAssets {
  readonly style: string;
  /** uPlot, then the code that draws the charts. */
  readonly scripts: readonly string[];
}

/**
 * Reads them from the disk. The build of a Lambda replaces this module by the files' content: a function has none of
 * the files.
 */
export function readAssets(): PageAssets {
  return {
    style: [
      read(require.resolve("uplot/dist/uPlot.min.css")),
      ...["page.css", "figures.css", "tables.css"].map(readOwn),
    ].join("\n"),
    scripts: [
      read(require.resolve("uplot/dist/uPlot.iife.min.js")),
      `(() => {\n"use strict";\n${readOwn("charts.js")}\n})();`,
    ],
  };
}

function readOwn(name: string): string {
  return read(path.join(__dirname, "..", "browser", name));
}

function read(file: string): string {
  return readFileSync(file, "utf8").trim();
}
