import * as z from "zod";
import type { StoredObject } from "../../../core/objects/objects";
import { KINDS, type Kind } from "../records/batch";

const seenFile = z.object({
  key: z.string(),
  version: z.string().optional(),
  etag: z.string(),
  bytes: z.int(),
  /** Besides the header; known when the file was read. */
  rows: z.int().optional(),
});

export const seenFilesSchema = z.object({
  customers: seenFile.optional(),
  orders: seenFile.optional(),
  items: seenFile.optional(),
});

/** Files of a batch as the ledger keeps them. */
export type SeenFiles = z.output<typeof seenFilesSchema>;

/** Files as the ledger keeps them. */
export function describeFiles(
  files: Readonly<Partial<Record<Kind, StoredObject>>>,
  rows: Readonly<Partial<Record<Kind, number>>> = {},
): SeenFiles {
  const seen: SeenFiles = {};
  for (const kind of KINDS) {
    const file = files[kind];
    if (file === undefined) continue;
    const { key, version, etag, bytes } = file;
    seen[kind] = { key, version, etag, bytes, rows: rows[kind] };
  }
  return seen;
}

/** Whether these are the same contents, whatever their version ids. */
export function areSameFiles(a: SeenFiles, b: SeenFiles): boolean {
  return KINDS.every((kind) => a[kind]?.key === b[kind]?.key && a[kind]?.etag === b[kind]?.etag);
}
