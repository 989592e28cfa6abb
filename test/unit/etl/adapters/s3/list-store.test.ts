import { S3Client } from "@aws-sdk/client-s3";
import { S3ListStore } from "../../../../../etl/adapters/s3/list-store";
import { FakeS3 } from "../../../../support/fakes/fake-s3";

describe("S3ListStore", () => {
  let s3: FakeS3;
  let client: S3Client;

  beforeAll(async () => {
    s3 = await FakeS3.start();
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    client = new S3Client({ endpoint: s3.endpoint, region: "eu-central-1", credentials, forcePathStyle: true });
  });
  afterAll(async () => {
    client.destroy();
    await s3.stop();
  });

  test.each([0, 1, 2_500])("gives a list of %i back as it was put", async (length) => {
    const lists = new S3ListStore(client, "raw", "sales/manifests/");
    const items = Array.from({ length }, (_, index) => ({ key: `é${index}`, start: index }));

    const address = await lists.put("a.json", stream(items));

    expect(address).toEqual({ bucket: "raw", key: "sales/manifests/a.json" });
    expect(await lists.get("a.json")).toEqual(items);
  });

  test("names a deleted list", async () => {
    await expect(new S3ListStore(client, "raw", "sales/").get("gone.json")).rejects.toThrow(/raw\/sales\/gone\.json/);
  });
});

async function* stream(items: readonly object[]): AsyncGenerator<object> {
  yield* items;
}
