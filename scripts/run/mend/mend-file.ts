import { readFileSync } from "node:fs";
import { UsageError } from "../../../etl/core/errors";
import { type MendFile, readMendFile } from "../../../etl/core/mend/mend-file";

/** @throws UsageError where it cannot be read, or is no file of rejected rows */
export async function openMendFile(path: string): Promise<MendFile & { readonly content: Buffer }> {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError("The corrected rows cannot be read", { got, fix: "Correct the path", cause });
  }
  return { ...(await readMendFile(path, content)), content };
}
