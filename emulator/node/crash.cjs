/**
 * Ends a function's process at a test's request: at its nth answer from an AWS service, as if its host had failed. The
 * file named here contains n. The process that ends deletes the file, so that it happens once.
 */
const { subscribe } = require("node:diagnostics_channel");
const { readFileSync, rmSync } = require("node:fs");

const { crash } = JSON.parse(process.argv[2]);
let answers = 0;

function readLimit() {
  try {
    return Number(readFileSync(crash, "utf8"));
  } catch {
    return undefined;
  }
}

subscribe("http.client.response.finish", () => {
  const limit = readLimit();
  answers = limit === undefined ? 0 : answers + 1;
  if (limit === undefined || answers < limit) return;
  rmSync(crash);
  process.kill(process.pid, "SIGKILL");
});
