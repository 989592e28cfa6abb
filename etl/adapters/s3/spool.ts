import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { measure } from "../../core/csv/measure";
import type { Bytes } from "../../core/ports";

/** A body in a temporary file, read to its end. */
export interface SpooledFile {
  readonly path: string;
  /** Hex. */
  readonly sha256: string;
  readonly bytes: number;
}

/**
 * Writes a body of any size to a temporary file while `use` runs, so that its size and hash are known before it is sent
 * on. The file is always removed; `use` is not called if the body breaks off.
 */
export async function withSpooled<Result>(body: Bytes, use: (file: SpooledFile) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "millrace-"));
  const path = join(folder, "body");
  const measured = measure(body);
  try {
    await pipeline(measured.bytes, createWriteStream(path));
    return await use({ path, ...measured.total() });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
