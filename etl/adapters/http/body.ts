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

/** A body as it comes, and what its headers say of it. */
export interface WireBody {
  readonly bytes: Bytes;
  readonly contentLength: string | undefined;
  readonly contentEncoding: string | undefined;
  /** What went wrong on the connection, bytes behind the body's end included. */
  readonly failure: () => Error | undefined;
  /** What messages call the source. */
  readonly source: string;
  readonly maxBytes: number;
  readonly onReceived: HttpRequest["onReceived"];
}

/**
 * The body, checked against its Content-Length and the size limit, and decoded.
 *
 * @throws TransientSourceError when it breaks off, has a wrong length, or cannot be decoded
 * @throws SourceError when it is too large, or encoded in a way that we did not ask for
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

/** The iteration over the decoder throws the very error that a pipeline's callback is given. */
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
  if (surplus !== undefined) throw explainHttpFailure(surplus, wire.source, `behind the ${done} bytes of the body`);
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
    fix: "Look whether this is the right address; if so, ask the publisher for a smaller file",
  });
}

function unknownEncoding({ source }: WireBody, encoding: string): SourceError {
  return new SourceError("The body is encoded in a way that was not asked for", {
    got: `Content-Encoding: ${encoding}`,
    expected: ACCEPT_ENCODING,
    where: { source },
    fix: "Tell the publisher",
  });
}
