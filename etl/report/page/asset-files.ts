import { readFileSync } from "node:fs";
import path from "node:path";

export interface PageAssets {
  readonly style: string;
  /** uPlot, then the code that draws the charts. */
  readonly charts: readonly string[];
  /** The code of the slider over the runs. */
  readonly runs: string;
}

/**
 * Reads them from the disk. The build of a Lambda replaces this module by the files' content: a function has none of
 * the files.
 */
export function readAssets(): PageAssets {
  return {
    style: [
      read(require.resolve("uplot/dist/uPlot.min.css")),
      ...["page.css", "figures.css", "tables.css", "runs.css"].map(readOwn),
    ].join("\n"),
    charts: [read(require.resolve("uplot/dist/uPlot.iife.min.js")), readScript("charts.js")],
    runs: readScript("runs.js"),
  };
}

function readScript(name: string): string {
  return `(() => {\n"use strict";\n${readOwn(name)}\n})();`;
}

function readOwn(name: string): string {
  return read(path.join(__dirname, "..", "browser", name));
}

function read(file: string): string {
  return readFileSync(file, "utf8").trim();
}
