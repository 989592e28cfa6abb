import { rmSync } from "node:fs";
import { RECORDINGS } from "./recordings-folder";

interface Run {
  readonly testPathPatterns: { readonly patterns: readonly string[] };
  readonly testNamePattern?: string;
}

/** Before all suites run: a suite that is skipped now leaves nothing of an earlier run. */
export default function forgetRecordings({ testPathPatterns, testNamePattern }: Run): void {
  const isWhole = testPathPatterns.patterns.length === 0 && testNamePattern === undefined;
  if (isWhole) rmSync(RECORDINGS, { recursive: true, force: true });
}
