import { S3Client } from "@aws-sdk/client-s3";
import { refuseKeptExports, refuseLivingStacks } from "../../../../../scripts/deliver/bootstrap/living-stacks";
import { FakeS3 } from "../../../../support/fakes/fake-s3";

const EXPORTS = "millrace/dev/exports/";

describe("what a destruction of the state backend would delete", () => {
  let fake: FakeS3;
  let s3: S3Client;

  beforeAll(async () => {
    fake = await FakeS3.start();
    const credentials = { accessKeyId: "any", secretAccessKey: "any" };
    s3 = new S3Client({ region: "eu-central-1", endpoint: fake.endpoint, credentials, forcePathStyle: true });
  });
  beforeEach(() => {
    fake.objects.clear();
    put("millrace/dev/etl.tfstate", { resources: [] });
    put("millrace/dev/state-backend.tfstate", { resources: [{}] });
  });
  afterAll(() => fake.stop());

  test("is refused while another stack has resources", async () => {
    await expect(refuseLivingStacks(s3, "states", "state-backend")).resolves.toBeUndefined();
    put("millrace/dev/etl.tfstate", { resources: [{}, {}] });

    await expect(refuseLivingStacks(s3, "states", "state-backend")).rejects.toThrow(/etl\.tfstate.*2 resources/);
  });

  test("is refused while there are exports, and says how to keep them", async () => {
    put("millrace/prod/exports/x/export.json", {});
    await expect(refuseKeptExports(s3, "states", EXPORTS)).resolves.toBeUndefined();
    put("millrace/dev/exports/x/export.json", {});

    await expect(refuseKeptExports(s3, "states", EXPORTS)).rejects.toThrow(
      /1 file below s3:\/\/states\/millrace\/dev\/exports\/.*aws s3 sync/,
    );
  });

  function put(key: string, value: unknown): void {
    fake.objects.set(
      `states/${key}`,
      Buffer.from(JSON.stringify({ version: 4, serial: 1, lineage: "a", ...Object(value) })),
    );
  }
});
