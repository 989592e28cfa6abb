import { createHash } from "node:crypto";
import { text } from "node:stream/consumers";
import { S3Client } from "@aws-sdk/client-s3";
import { S3RawStore } from "../../../../../etl/adapters/s3/raw-store";
import { SourceError } from "../../../../../etl/core/errors";
import { FakeS3 } from "../../../../support/fakes/fake-s3";

const DAY = "2026-11-21";
const BODY = "date,cases,deaths\n2020-01-21,1,0\n";
const SHA256 = createHash("sha256").update(BODY).digest("hex");
const KEY = `covid/cases/${DAY}/${SHA256}.csv`;
const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };
const URL = "https://example.com/us.csv";

describe("S3RawStore", () => {
  let s3: FakeS3;
  let client: S3Client;
  let store: S3RawStore;

  beforeEach(async () => {
    s3 = await FakeS3.start();
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    client = new S3Client({
      endpoint: s3.endpoint,
      region: "eu-central-1",
      credentials,
      maxAttempts: 1,
      logger: silent,
    });
    store = new S3RawStore({ client, bucket: "raw", pipeline: "covid" });
  });

  afterEach(async () => {
    client.destroy();
    await s3.stop();
  });

  test("keeps a body under its day and hash", async () => {
    // Act
    const kept = await store.put("cases", DAY, stream(BODY));

    // Assess
    expect(kept).toEqual({ key: KEY, sha256: SHA256, bytes: BODY.length });
    expect(s3.objects.get(`raw/${KEY}`)?.toString()).toBe(BODY);
    expect(await text(await store.open(KEY))).toBe(BODY);
  });

  test("sends nothing that is there already", async () => {
    // Prepare
    await store.put("cases", DAY, stream(BODY));

    // Act
    const again = await store.put("cases", DAY, stream(BODY));

    // Assess
    expect(again.key).toBe(KEY);
    expect(s3.requests.filter((request) => request.startsWith("PUT"))).toHaveLength(1);
  });

  test("keeps nothing of a body that breaks off", async () => {
    // Act and assess
    await expect(store.put("cases", DAY, brokenStream())).rejects.toThrow("broken off");
    expect(s3.requests).toEqual([]);
  });

  test("sends a body again when S3 has a bad moment", async () => {
    // Prepare
    s3.failures.push(503, 500);

    // Act
    await store.put("cases", DAY, stream(BODY));

    // Assess
    expect(s3.objects.get(`raw/${KEY}`)?.toString()).toBe(BODY);
  });

  test("sends nothing again that S3 refuses", async () => {
    // Prepare
    s3.failures.push(403);

    // Act and assess
    await expect(store.put("cases", DAY, stream(BODY))).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    expect(s3.requests.filter((request) => request.startsWith("PUT"))).toHaveLength(1);
  });

  test("says which object is missing", async () => {
    // Act
    const opening = store.open("covid/cases/2020-01-01/none.csv");

    // Assess
    await expect(opening).rejects.toThrow(SourceError);
    await expect(opening).rejects.toThrow("s3://raw/covid/cases/2020-01-01/none.csv");
  });

  test("remembers a download", async () => {
    // Prepare
    const download = {
      ...(await store.put("cases", DAY, stream(BODY))),
      etag: '"abc"',
      lastModified: "Sat, 21 Nov 2026",
    };

    // Act
    await store.remember(URL, download);

    // Assess
    expect(await store.recall(URL)).toEqual(download);
    expect(await store.recall(`${URL}?other`)).toBeUndefined();
  });

  test("forgets a download whose body was deleted", async () => {
    // Prepare
    await store.remember(URL, await store.put("cases", DAY, stream(BODY)));

    // Act
    s3.objects.delete(`raw/${KEY}`);

    // Assess
    expect(await store.recall(URL)).toBeUndefined();
  });
});

async function* stream(body: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(body.slice(0, 5));
  yield Buffer.from(body.slice(5));
}

async function* brokenStream(): AsyncGenerator<Uint8Array> {
  yield Buffer.from(BODY);
  throw new Error("broken off");
}
