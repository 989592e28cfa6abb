import { pipeline, type Transform } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { SourceError } from "../../core/errors";
import type { HttpRequest } from "../../core/fetch/http";
import type { Bytes } from "../../core/ports";
import { explainHttpFailure } from "./failures";

export const ACCEPT_ENCODING = "gzip, br, deflate";

const DECODERS: ReadonlyMap<string, () => Transform> = new Map([
  ["gzip", createGunzip],
  ["x-gzip", createGunzip],
  ["br", createBrotliDecompress],
  ["deflate", createInflate],
]);

/** A body as received, with its headers' data. */
export interface WireBody {
  readonly bytes: Bytes;
  readonly contentLength: string | undefined;
  readonly contentEncoding: string | undefined;
  /** The connection's error, including bytes after the body's end. */
  readonly failure: () => Error | undefined;
  /** The source's name in messages. */
  readonly source: string;
  readonly maxBytes: number;
  readonly onReceived: HttpRequest["onReceived"];
}

/**
 * The body, checked against its Content-Length and the size limit, and decoded.
 *
 * @throws TransientSourceError if it breaks off, has a wrong length, or cannot be decoded
 * @throws SourceError if it is too large, or has an encoding that was not requested
 */
export async function* readBody(wire: WireBody): Bytes {
  const encoding = wire.contentEncoding?.trim().toLowerCase() ?? "identity";
  const decoder = DECODERS.get(encoding)?.();
  if (decoder === undefined && encoding !== "identity") throw unknownEncoding(wire, encoding);
  try {
    if (decoder === undefined) return yield* receive(wire);
    yield* limit(pipeline(receive(wire), decoder, ignoreAsItIsThrown), wire);
  } catch (cause) {
    throw explainHttpFailure(cause, wire.source);
  }
}

/** Iterating the decoder throws the same error that a pipeline's callback gets. */
function ignoreAsItIsThrown(): void {}

async function* receive(wire: WireBody): Bytes {
  const total = wire.contentLength === undefined ? undefined : Number(wire.contentLength);
  if (total !== undefined && total > wire.maxBytes) throw tooLarge(wire, total);
  let done = 0;
  try {
    for await (const chunk of limit(wire.bytes, wire)) {
      done += chunk.length;
      wire.onReceived(done, total);
      yield chunk;
    }
  } catch (cause) {
    const far = `after ${done} ${total === undefined ? "" : `of ${total} `}bytes`;
    throw explainHttpFailure(cause instanceof SourceError ? cause : (wire.failure() ?? cause), wire.source, far);
  }
  const surplus = wire.failure();
  if (surplus !== undefined) throw explainHttpFailure(surplus, wire.source, `after the ${done} bytes of the body`);
}

async function* limit(bytes: Bytes, wire: WireBody): Bytes {
  let done = 0;
  for await (const chunk of bytes) {
    done += chunk.length;
    if (done > wire.maxBytes) throw tooLarge(wire, done);
    yield chunk;
  }
}

function tooLarge({ maxBytes, source }: WireBody, bytes: number): SourceError {
  return new SourceError("The data is larger than a download may be", {
    got: `${bytes} bytes or more`,
    expected: `at most ${maxBytes}`,
    where: { source },
    fix: "Check that this is the right address; if so, ask the publisher for a smaller file",
  });
}

function unknownEncoding({ source }: WireBody, encoding: string): SourceError {
  return new SourceError("The body has an encoding that was not requested", {
    got: `Content-Encoding: ${encoding}`,
    expected: ACCEPT_ENCODING,
    where: { source },
    fix: "Tell the publisher",
  });
}
