import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import type { Feed } from "../../../etl/core/contract/contract";
import { CHUNK_BYTES } from "../../../etl/feeds/plan/plan";
import type { Doorstep } from "../../../etl/report/doorstep/check-file";
import { renderDoorstep } from "../../../etl/report/doorstep/render-doorstep";

const BROWSER = "etl/report/doorstep/browser";
const STAND_INS = "etl/report/doorstep/stand-ins";
/** The reader's modules of Node, in a browser. */
const REPLACED = ["buffer", "stream", "util", "zlib"];

/** The page that checks a file of a feed before it is sent. */
export async function buildDoorstep(root: string, feed: Feed): Promise<string> {
  const [script, worker, ...styles] = await Promise.all([
    bundle(root, "page.js"),
    bundle(root, "worker.js", [`${STAND_INS}/buffer.ts`]),
    ...["browser/page.css", "browser/tables.css", "doorstep/browser/doorstep.css"].map((file) =>
      readFile(join(root, "etl/report", file), "utf8"),
    ),
  ]);
  return renderDoorstep(doorstepOf(feed), { script, worker, style: styles.join("\n") });
}

/** Senders see how a file is read, and not what it is loaded into. */
function doorstepOf({
  name,
  table: _,
  key: __,
  revisions: ___,
  maxRejected = { rows: 0 },
  ...contract
}: Feed): Doorstep {
  return { name, contract, maxRejected, chunkBytes: CHUNK_BYTES };
}

async function bundle(root: string, name: string, inject: string[] = []): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [`${BROWSER}/${name}`],
    bundle: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    minify: true,
    alias: Object.fromEntries(REPLACED.map((module) => [`node:${module}`, `./${STAND_INS}/${module}.ts`])),
    inject,
    legalComments: "eof",
    preserveSymlinks: true,
    logLevel: "silent",
    write: false,
  });
  return outputFiles[0]?.text.trim() ?? "";
}
