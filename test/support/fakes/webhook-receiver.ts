import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/** A receiver of webhooks on the loopback. */
export class WebhookReceiver {
  /** What was posted, in its order. */
  readonly posted: { readonly path: string | undefined; readonly type: string | undefined; readonly body: unknown }[] =
    [];
  /** A status to answer with, or not to answer at all. */
  answer: number | "silence" = 200;
  readonly #server = createServer(async (request, response) => {
    this.posted.push({ path: request.url, type: request.headers["content-type"], body: await json(request) });
    if (this.answer === "silence") return;
    response.writeHead(this.answer, { location: "http://127.0.0.1:9/elsewhere" }).end("ok");
  });

  static async start(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, "127.0.0.1", resolve));
    return receiver;
  }

  /** Its address, with something secret in it. */
  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/services/s3cret`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
