import { mkdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { RECORDINGS } from "./recordings-folder";

/** Files of the suite that runs: its recording, which is made when the first decision is, and a key beside it. */
export function recordingFiles(): { readonly decisions: string; readonly key: string } {
  const suite = basename(expect.getState().testPath ?? "unknown", ".test.ts");
  mkdirSync(RECORDINGS, { recursive: true });
  const decisions = join(RECORDINGS, `${suite}.jsonl`);
  rmSync(decisions, { force: true });
  return { decisions, key: join(RECORDINGS, `${suite}.pem`) };
}
