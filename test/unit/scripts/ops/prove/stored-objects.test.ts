import { createHash } from "node:crypto";
import { S3Client } from "@aws-sdk/client-s3";
import { openStoredSource } from "../../../../../scripts/ops/prove/stored-objects";
import { FakeS3 } from "../../../../support/fakes/fake-s3";

describe("the raw bytes of a run of covid", () => {
  const body = Buffer.from("date,cases,deaths\n2026-03-01,1,0\n");
  const sha256 = createHash("sha256").update(body).digest("hex");
  const source = { name: "cases", location: "https://a.example/us.csv", sha256, bytes: body.length, rows: 1 };
  let s3: FakeS3;
  let client: S3Client;

  beforeAll(async () => {
    s3 = await FakeS3.start();
    client = new S3Client({
      ...{ region: "eu-central-1", endpoint: s3.endpoint, forcePathStyle: true },
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    s3.objects.set(`raw/covid/cases/2026-03-01/${"0".repeat(64)}.csv`, Buffer.from("another day's"));
    s3.objects.set(`raw/covid/recoveries/2026-03-02/${sha256}.csv`, Buffer.from("another source's"));
  });
  afterAll(() => s3.stop());

  test("are found by their hash, whatever day they were downloaded on; not if they were deleted", async () => {
    await expect(openStoredSource(client, "raw", source)).rejects.toThrow(
      /not kept any more, so nothing can be proven: .*s3:\/\/raw\/covid\/cases\/.*retention\.rawDays/,
    );
    s3.objects.set(`raw/covid/cases/2026-02-27/${sha256}.csv`, body);

    const { name, location, open } = await openStoredSource(client, "raw", source);
    const read: Uint8Array[] = [];
    for await (const piece of await open()) read.push(piece);

    expect([name, location, Buffer.concat(read)]).toEqual(["cases", "https://a.example/us.csv", body]);
  });
});
