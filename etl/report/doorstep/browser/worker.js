// Checks one file beside the page, so that the page stays usable. The page ends it to cancel.

import { checkFile } from "../check-file";
import { toCsv } from "../rejected-csv";

const PIECE = 65_536;
/** How often the page is told how far it is. */
const TOLD = 1_048_576;
/** Rows that the page shows. */
const SHOWN = 100;

/** @typedef {{ doorstep: import("../check-file").Doorstep, file: File }} Task */

self.onmessage = async (/** @type {MessageEvent<Task>} */ { data: { doorstep, file } }) => {
  try {
    const { rejections, ...verdict } = await checkFile(doorstep, {
      name: file.name,
      bytes: file.size,
      first: await readPiece(file, 0),
      open: () => readPieces(file),
    });
    const csv = new Blob([toCsv(rejections)], { type: "text/csv" });
    self.postMessage({ verdict, shown: rejections.slice(0, SHOWN), csv });
  } catch (error) {
    self.postMessage({ failure: error instanceof Error ? error.message : String(error) });
  }
};

/** @param {File} file */
async function* readPieces(file) {
  for (let at = 0; at < file.size; at += PIECE) {
    if (at % TOLD === 0) self.postMessage({ done: at });
    yield await readPiece(file, at);
  }
}

/**
 * @param {File} file
 * @param {number} at
 */
async function readPiece(file, at) {
  return new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer());
}
