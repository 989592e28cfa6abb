import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { S3Client } from "@aws-sdk/client-s3";
import { S3RangedObjects } from "../../../../../etl/adapters/s3/ranged-objects";
import { SourceError } from "../../../../../etl/core/errors";

const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };

describe("S3RangedObjects, where S3 refuses", () => {
  let server: Server;
  let client: S3Client;
  let objects: S3RangedObjects;
  let answer: { readonly status: number; readonly code: string };

  beforeAll(async () => {
    server = createServer((_, response) => {
      response.writeHead(answer.status, { "content-type": "application/xml" });
      response.end(`<Error><Code>${answer.code}</Code><Message>the words of S3</Message></Error>`);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    client = new S3Client({
      ...{ endpoint, region: "eu-central-1", credentials, forcePathStyle: true, maxAttempts: 1, logger: silent },
    });
    objects = new S3RangedObjects(client, "bucket", "sales/");
  });
  afterAll(async () => {
    client.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const list = async () => {
    for await (const _ of objects.list()) throw new Error("there was a page");
  };
  const open = () => objects.openRange({ key: "sales/a.csv", etag: "0a" }, 0, 10);

  test.each([
    [404, "NoSuchBucket", /^There is no such bucket: got NoSuchBucket: the words of S3.*Correct its name/],
    [301, "PermanentRedirect", /^The bucket is in another region/],
    [403, "AccessDenied", /^The permission is missing.*s3:ListBucket on the bucket, s3:GetObject.*kms:Decrypt/],
  ])("names the prefix and what to do where it is listed: %i %s", async (status, code, message) => {
    answer = { status, code };
    await expect(list()).rejects.toThrow(SourceError);
    await expect(list()).rejects.toThrow(message);
    await expect(list()).rejects.toThrow("(s3://bucket/sales/)");
  });

  test.each([
    [403, "InvalidObjectState", /^The object is archived.*Restore it/],
    [403, "AccessDenied", /^The permission is missing.*s3:GetObject/],
    [403, "Forbidden", /^The permission is missing.*s3:GetObject/],
    [403, "AllAccessDisabled", /^The permission is missing/],
    [404, "NoSuchBucket", /^There is no such bucket/],
    [404, "NoSuchKey", /^The object was replaced or removed/],
    [400, "KMS.DisabledException", /^The object's encryption key.*Enable the key, and grant kms:Decrypt/],
    [400, "KMS.NotFoundException", /^The object's encryption key/],
    [400, "KMS.InvalidStateException", /^The object's encryption key/],
    [412, "PreconditionFailed", /^The object was replaced or removed/],
  ])("names the object and what to do where it is read: %i %s", async (status, code, message) => {
    answer = { status, code };
    await expect(open()).rejects.toThrow(SourceError);
    await expect(open()).rejects.toThrow(message);
    await expect(open()).rejects.toThrow("(s3://bucket/sales/a.csv)");
  });

  test.each([
    [503, "SlowDown"],
    [400, "ExpiredToken"],
  ])("leaves alone what no object is to blame for: %i %s", async (status, code) => {
    answer = { status, code };
    await expect(open()).rejects.toMatchObject({ name: code });
    await expect(list()).rejects.toMatchObject({ name: code });
  });
});
