import { Readable } from "node:stream";
import { GetObjectCommand, type GetObjectCommandInput, type S3Client } from "@aws-sdk/client-s3";
import { SourceError } from "../../core/errors";
import { TransientSourceError } from "../../core/fetch/errors";
import type { Bytes } from "../../core/ports";

const GONE = ["PreconditionFailed", "NoSuchKey", "NoSuchVersion"];

/** The error of a GET of exactly one version: a SourceError if that version no longer exists. */
export function explainGone(cause: Error, source: string): Error {
  if (!GONE.includes(cause.name)) return cause;
  return new SourceError("The object was replaced or removed before it was read", {
    got: cause.message,
    where: { source },
    fix: "Nothing: the next try reads the new object",
    cause,
  });
}

/**
 * Opens an object.
 *
 * @param explain makes the error of a refusal
 * @param promised the number of bytes that were asked for. Default: what S3 announces
 */
export async function openBody(
  client: S3Client,
  object: GetObjectCommandInput,
  source: string,
  explain = explainGone,
  promised?: number,
): Promise<Bytes> {
  const { Body, ContentLength } = await client.send(new GetObjectCommand(object)).catch((cause: Error) => {
    throw explain(cause, source);
  });
  if (Body instanceof Readable) return readBody(Body, promised ?? ContentLength, source);
  throw new SourceError("The object has no body", { where: { source } });
}

/** Time limit for a body's data while a reader waits. The reader's own time is not limited. */
const SILENT_MS = 30_000;

/**
 * The body of an object, with the number of bytes that S3 announced.
 *
 * @throws TransientSourceError if it breaks off, goes silent, or has another length
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
    fix: "Nothing: the next try reads it again",
    cause,
  });
}
