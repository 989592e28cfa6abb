import { createHash } from "node:crypto";
import * as z from "zod";
import type { RememberedDownload } from "../ports";
import { maskLocation } from "./mask-url";

const remembered = z.object({
  key: z.string(),
  sha256: z.string(),
  bytes: z.int(),
  etag: z.string().optional(),
  lastModified: z.string().optional(),
  mayBeCut: z.boolean().optional(),
});

/** Where a raw store keeps the memory of an address, which may have a credential. */
export function memoryKey(pipeline: string, url: string): string {
  return `${pipeline}/_downloads/${createHash("sha256").update(url).digest("hex")}.json`;
}

export function renderMemory(url: string, download: RememberedDownload): string {
  return JSON.stringify({ url: maskLocation(url), ...download });
}

/** @returns undefined for unreadable memory: the next download writes it again */
export function parseMemory(json: string): RememberedDownload | undefined {
  try {
    return remembered.parse(JSON.parse(json));
  } catch {
    return undefined;
  }
}
