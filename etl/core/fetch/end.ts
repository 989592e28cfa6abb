import type { Bytes } from "../ports";
import type { HttpResponse } from "./http";

const LINE_FEED = 0x0a;

/**
 * Whether a truncated body is noticed: by its length, by the end of its chunks, or by its compression. For any other,
 * the end of the connection is the only sign (RFC 9112, section 6.3).
 */
export function hasLengthOf({ headers }: Pick<HttpResponse, "headers">): boolean {
  const encoding = headers["content-encoding"]?.trim().toLowerCase() ?? "identity";
  return (
    headers["content-length"] !== undefined ||
    /\bchunked\b/i.test(headers["transfer-encoding"] ?? "") ||
    encoding !== "identity"
  );
}

/** Passes a body on, and reports afterwards whether its last byte ends a line. */
export function watchEnd(body: Bytes): { readonly bytes: Bytes; endsALine(): boolean } {
  let last: number | undefined;
  async function* pass(): Bytes {
    for await (const chunk of body) {
      last = chunk.at(-1) ?? last;
      yield chunk;
    }
  }
  return { bytes: pass(), endsALine: () => last === LINE_FEED };
}
