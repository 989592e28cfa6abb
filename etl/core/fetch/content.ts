import { SourceError } from "../errors";
import type { Bytes } from "../ports";
import type { HttpResponse } from "./http";

/** How far into a body a page's first tag is searched for. */
const HEAD_BYTES = 1024;
const PAGE = /^\uFEFF?\s*<(!doctype|html)\b/i;

/**
 * Passes a body on unless it is a web page: servers send error, login and captive-portal pages with status 200.
 *
 * @throws SourceError at the first bytes of a page
 */
export async function* refusePage({ body, headers, source }: Omit<HttpResponse, "status">): Bytes {
  const contentType = headers["content-type"];
  if (/^\s*(text\/html|application\/xhtml\+xml)\b/i.test(contentType ?? ""))
    throw isPage(`content of type ${contentType}`, source);
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of body) {
    if (head === undefined) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < HEAD_BYTES) continue;
    yield checkHead(head, source);
    head = undefined;
  }
  if (head !== undefined && head.length > 0) yield checkHead(head, source);
}

function checkHead(head: Buffer, source: string): Buffer {
  const text = head.subarray(0, HEAD_BYTES).toString("utf8");
  if (PAGE.test(text)) throw isPage(JSON.stringify(text.trim().slice(0, 60)), source);
  return head;
}

function isPage(got: string, source: string): SourceError {
  return new SourceError("The server sent a web page instead of data", {
    got,
    expected: "CSV",
    where: { source },
    fix: "Open the address in a browser: it may ask for a login, or say where the data has moved",
  });
}
