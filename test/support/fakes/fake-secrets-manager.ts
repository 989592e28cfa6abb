import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { FakeService } from "./fake-service";

/** AWS Secrets Manager, on the loopback, for one operation: GetSecretValue. */
export class FakeSecretsManager extends FakeService {
  /** Values to answer with, one after the other; the last one stays. */
  readonly values: string[] = [];
  /** The ids that were asked for. */
  readonly requests: string[] = [];

  protected async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { SecretId } = (await json(request)) as { SecretId: string };
    this.requests.push(SecretId);
    const value = this.values.length > 1 ? this.values.shift() : this.values[0];
    response.setHeader("content-type", "application/x-amz-json-1.1");
    if (value === undefined) response.writeHead(400).end(JSON.stringify({ __type: "ResourceNotFoundException" }));
    else response.end(JSON.stringify({ ARN: SecretId, Name: SecretId, SecretString: value }));
  }
}
