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

/** @throws TransientSourceError where the body breaks off */
export async function* readBody(body: Readable, source: string): Bytes {
  try {
    yield* body;
  } catch (cause) {
    throw new TransientSourceError("The object broke off while it was read", {
      got: cause instanceof Error ? cause.message : String(cause),
      where: { source },
      fix: "Nothing: it is read again with the next try",
      cause,
    });
  }
}
