import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/** AWS Secrets Manager, on the loopback, for one operation: GetSecretValue. */
export class FakeSecretsManager {
  /** Values to answer with, one after the other; the last one stays. */
  readonly values: string[] = [];
  /** The ids that were asked for. */
  readonly requests: string[] = [];
  readonly #server = createServer(async (request, response) => {
    const { SecretId } = (await json(request)) as { SecretId: string };
    this.requests.push(SecretId);
    const value = this.values.length > 1 ? this.values.shift() : this.values[0];
    response.setHeader("content-type", "application/x-amz-json-1.1");
    if (value === undefined) response.writeHead(400).end(JSON.stringify({ __type: "ResourceNotFoundException" }));
    else response.end(JSON.stringify({ ARN: SecretId, Name: SecretId, SecretString: value }));
  });

  static async start(): Promise<FakeSecretsManager> {
    const fake = new FakeSecretsManager();
    await new Promise<void>((resolve) => fake.#server.listen(0, "127.0.0.1", resolve));
    return fake;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
