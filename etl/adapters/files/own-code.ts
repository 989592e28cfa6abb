import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/** Set by esbuild in each bundle: on AWS a hash of the layer's packages, so that the bundle's own hash stands for them, too. */
declare const MILLRACE_BUNDLE: string | undefined;

/**
 * Hex sha256 of the bundle that runs: all of its code.
 *
 * @returns undefined where the sources run file by file, in a test or by tsx
 */
export function ownCode(): string | undefined {
  if (typeof MILLRACE_BUNDLE === "undefined") return undefined;
  return createHash("sha256").update(readFileSync(__filename)).digest("hex");
}
