import { findCreated, parseObjectEvents } from "../../core/objects/object-events";
import type { ObjectStore, StoredObject } from "../../core/objects/objects";

/** The summary of an uploaded object. */
export interface ObjectSummary {
  readonly bucket: string | null;
  readonly key: string;
  readonly version: string | null;
  readonly etag: string | null;
  readonly content_type: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly last_modified: string;
  /** In KiB, exactly: a binary fraction if the bytes are not a multiple of 1,024. */
  readonly size: number;
}

/** Summarises one version of an object. */
export function summarise(
  { key, version, etag, contentType, metadata, lastModified, bytes }: Omit<StoredObject, "etag"> & { etag?: string },
  bucket?: string,
): ObjectSummary {
  return {
    bucket: bucket ?? null,
    key,
    version: version ?? null,
    etag: etag ?? null,
    content_type: contentType ?? null,
    metadata,
    last_modified: lastModified.toISOString(),
    size: bytes / 1024,
  };
}

/**
 * Summarises every object created in an event, in the event's version.
 *
 * @param body JSON, the body of an SQS message
 * @param onIgnored called for an object that no longer exists, or is not below the prefix
 * @throws S3's error if access is denied
 */
export async function summariseEvent(
  body: string,
  objects: Pick<ObjectStore, "name" | "head">,
  prefix: string,
  onIgnored: (key: string, reason: string) => void,
): Promise<readonly ObjectSummary[]> {
  const summaries: ObjectSummary[] = [];
  for (const created of parseObjectEvents(body)) {
    const [key] = created.keys;
    const isInScope = created.keys.some((candidate) => candidate.startsWith(prefix));
    const object = isInScope ? await findCreated(objects, created, { pinned: true }) : undefined;
    if (object !== undefined) summaries.push(summarise(object, objects.name));
    else onIgnored(key, isInScope ? "gone again" : `not below ${prefix}`);
  }
  return summaries;
}

/** A content type without its parameters, which would make each charset a metric of its own. */
export function mediaType({ content_type }: Pick<ObjectSummary, "content_type">): string {
  return content_type?.split(";")[0]?.trim().toLowerCase() || "none";
}
