import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { S3Client } from "@aws-sdk/client-s3";
import { S3ObjectStore } from "../../../../../etl/adapters/s3/object-store";
import { SourceError } from "../../../../../etl/core/errors";

const object = { key: "a.csv", etag: "0a", bytes: 1, lastModified: new Date(0), metadata: {} };
const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

describe("S3ObjectStore, where S3 refuses", () => {
  let server: Server;
  let client: S3Client;
  let store: S3ObjectStore;
  let answer: { readonly status: number; readonly code: string };
  const conditions: unknown[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      conditions.push(request.headers["if-match"]);
      response.writeHead(answer.status, { "content-type": "application/xml" });
      response.end(request.method === "HEAD" ? undefined : `<Error><Code>${answer.code}</Code></Error>`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    client = new S3Client({
      endpoint,
      region: "eu-central-1",
      credentials,
      forcePathStyle: true,
      maxAttempts: 1,
      logger: silent,
    });
    store = new S3ObjectStore(client, "bucket");
  });

  afterAll(async () => {
    client.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test("fails a HEAD that is denied, and finds nothing where there is nothing", async () => {
    answer = { status: 403, code: "AccessDenied" };
    await expect(store.head("a.csv")).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    answer = { status: 404, code: "NoSuchKey" };
    expect(await store.head("a.csv")).toBeUndefined();
  });

  test.each([
    [412, "PreconditionFailed"],
    [404, "NoSuchKey"],
    [404, "NoSuchVersion"],
  ])("says that an object was replaced or removed: %i %s", async (status, code) => {
    answer = { status, code };
    await expect(store.open(object)).rejects.toThrow(SourceError);
    expect(conditions.at(-1)).toBe('"0a"');
  });

  test("passes on that reading is denied", async () => {
    answer = { status: 403, code: "AccessDenied" };
    await expect(store.open(object)).rejects.toMatchObject({ name: "AccessDenied" });
  });
});
