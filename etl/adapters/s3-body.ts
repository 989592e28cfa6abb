import type { Readable } from "node:stream";
import { SourceError } from "../core/errors";
import { TransientSourceError } from "../core/fetch-errors";
import type { Bytes } from "../core/ports";

const GONE = ["PreconditionFailed", "NoSuchKey", "NoSuchVersion"];

/** What a GET of exactly one version failed with: a SourceError where that version is no longer there. */
export function explainGone(cause: Error, source: string): Error {
  if (!GONE.includes(cause.name)) return cause;
  return new SourceError("The object was replaced or removed before it was read", {
    got: cause.message,
    where: { source },
    fix: "Nothing: the next try reads what is there then",
    cause,
  });
}

/**
 * The body of an object, of which S3 promised so many bytes.
 *
 * @throws TransientSourceError where it breaks off, or has another length
 */
export async function* readBody(body: Readable, promised: number | undefined, source: string): Bytes {
  let read = 0;
  try {
    for await (const piece of body) {
      read += piece.length;
      yield piece;
    }
  } catch (cause) {
    throw brokeOff(cause instanceof Error ? cause.message : String(cause), source, cause);
  }
  if (promised !== undefined && read !== promised) throw brokeOff(`${read} of ${promised} bytes`, source);
}

function brokeOff(got: string, source: string, cause?: unknown): TransientSourceError {
  return new TransientSourceError("The object broke off while it was read", {
    got,
    where: { source },
    fix: "Nothing: it is read again with the next try",
    cause,
  });
}
