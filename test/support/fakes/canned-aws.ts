import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** What an object of {@link CannedAws} holds: more than one packet. */
export const OBJECT = "a,b\n".repeat(50_000);

/** So much of S3, DynamoDB, SQS and SNS, on the loopback, that one call of each succeeds: answers are the same each time. */
export class CannedAws {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<CannedAws> {
    const server = createServer((request, response) => {
      const asked = `${request.method} ${request.url} ${request.headers["x-amz-target"] ?? ""}`;
      buffer(request).then(
        (sent) => {
          const body = answer(asked, request.headers, sent.toString());
          response.writeHead(200, { "content-length": Buffer.byteLength(body), etag: '"1"' });
          response.end(request.method === "HEAD" ? undefined : body);
        },
        // Who asked is gone.
        () => response.destroy(),
      );
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    return new CannedAws(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function answer(asked: string, { range }: IncomingMessage["headers"], body: string): string {
  if (/list-type=2/.test(asked)) {
    return `<ListBucketResult><Contents><Key>a.csv</Key><Size>${OBJECT.length}</Size></Contents></ListBucketResult>`;
  }
  if (/GetItem/.test(asked)) return JSON.stringify({ Item: { name: { S: "batch" }, value: { S: "1" } } });
  if (/GetQueueAttributes/.test(asked)) return JSON.stringify({ Attributes: { MaximumMessageSize: "262144" } });
  if (/SendMessageBatch/.test(asked)) return JSON.stringify({ Successful: [], Failed: [] });
  if (/Action=Publish/.test(body)) return "<PublishResponse><PublishResult/></PublishResponse>";
  if (!asked.startsWith("GET")) return "";
  const [, first = "0", last = "0"] = /^bytes=(\d+)-(\d+)$/.exec(range ?? "") ?? [];
  return OBJECT.slice(Number(first), Number(last) + 1);
}
