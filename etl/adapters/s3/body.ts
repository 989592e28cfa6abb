import type { Readable } from "node:stream";
import { SourceError } from "../../core/errors";
import { TransientSourceError } from "../../core/fetch/errors";
import type { Bytes } from "../../core/ports";

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

/** A body that a reader waits for is given up after so long. How long a reader takes is its own affair. */
const SILENT_MS = 30_000;

/**
 * The body of an object, of which S3 promised so many bytes.
 *
 * @throws TransientSourceError where it breaks off, goes silent, or has another length
 */
export async function* readBody(
  body: Readable,
  promised: number | undefined,
  source: string,
  silentMs = SILENT_MS,
): Bytes {
  const giveUp = () => body.destroy(new Error(`nothing came for ${silentMs / 1000} s, after ${read} bytes`));
  let read = 0;
  let silence = setTimeout(giveUp, silentMs);
  try {
    for await (const piece of body) {
      clearTimeout(silence);
      read += piece.length;
      yield piece;
      silence = setTimeout(giveUp, silentMs);
    }
  } catch (cause) {
    throw brokeOff(cause instanceof Error ? cause.message : String(cause), source, cause);
  } finally {
    clearTimeout(silence);
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
