import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import { FakeService } from "./fake-service";

/**
 * So much of Amazon S3, on the loopback, that the AWS SDK can keep objects in it: put with its checksum verified, get, head
 * and list. Addressed by path: `/<bucket>/<key>`.
 */
export class FakeS3 extends FakeService {
  /** By `<bucket>/<key>`. */
  readonly objects = new Map<string, Buffer>();
  /** `PUT bucket/key`, in the order of arrival. */
  readonly requests: string[] = [];
  /** Statuses to answer the next PUTs with, before they are served. */
  readonly failures: number[] = [];

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? "/", this.endpoint);
    const address = decodeURIComponent(pathname.slice(1));
    this.requests.push(`${request.method} ${address}`);
    if (request.method === "PUT") return this.#put(address, request, response);
    if (searchParams.has("list-type")) return this.#list(address, searchParams.get("prefix") ?? "", response);
    const object = this.objects.get(address);
    if (object === undefined) {
      response.writeHead(404, { "content-type": "application/xml" });
      response.end(request.method === "HEAD" ? undefined : "<Error><Code>NoSuchKey</Code></Error>");
      return;
    }
    response.writeHead(200, { "content-length": object.length });
    response.end(request.method === "HEAD" ? undefined : object);
  }

  #list(bucket: string, prefix: string, response: ServerResponse): void {
    const keys = [...this.objects.keys()]
      .filter((address) => address.startsWith(`${bucket.replace(/\/$/, "")}/${prefix}`))
      .map((address) => address.slice(address.indexOf("/") + 1));
    const size = (key: string) => this.objects.get(`${bucket.replace(/\/$/, "")}/${key}`)?.length;
    // The later it was put, the newer.
    const day = (at: number) => new Date(Date.UTC(2026, 0, 1 + at)).toISOString();
    const contents = keys
      .map(
        (key, at) =>
          `<Contents><Key>${key}</Key><Size>${size(key)}</Size><LastModified>${day(at)}</LastModified></Contents>`,
      )
      .join("");
    response.writeHead(200, { "content-type": "application/xml" });
    response.end(`<ListBucketResult><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`);
  }

  async #put(address: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const failure = this.failures.shift();
    const promised = request.headers["x-amz-checksum-sha256"];
    if (failure !== undefined) {
      response.writeHead(failure, { "content-type": "application/xml" });
      response.end("<Error><Code>Refused</Code></Error>");
    } else if (promised !== undefined && promised !== createHash("sha256").update(body).digest("base64")) {
      response.writeHead(400, { "content-type": "application/xml" });
      response.end("<Error><Code>BadDigest</Code></Error>");
    } else {
      this.objects.set(address, body);
      response.writeHead(200).end();
    }
  }
}
