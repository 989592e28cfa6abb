import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { S3Client } from "@aws-sdk/client-s3";
import { overrideConfig } from "../../../../../config/load";
import { prod } from "../../../../../config/prod";
import { refuseLostRecord, refuseRecordWithoutTrail } from "../../../../../scripts/deliver/bootstrap/audit-files";

const OURS = "bootstrap-millrace-prod-audit-0a1b2c3d";
const OTHERS = ["bootstrap-millrace-prod-state-0a1b2c3d", "bootstrap-millrace-dev-audit-0a1b2c3d", "audit"];

describe("files of the trail", () => {
  let server: Server;
  let s3: S3Client;
  /** Bucket → whether it has a file. */
  let buckets: ReadonlyMap<string, boolean>;

  beforeAll(async () => {
    server = createServer((request, response) => response.end(answer(request.url ?? ""))).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const credentials = { accessKeyId: "any", secretAccessKey: "any" };
    const endpoint = `http://127.0.0.1:${port}`;
    s3 = new S3Client({ region: "eu-central-1", endpoint, credentials, forcePathStyle: true });
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test("are not destroyed without agreement, which is named", async () => {
    buckets = new Map([[OURS, true]]);

    await expect(refuseLostRecord(s3, config(true))).rejects.toThrow(
      new RegExp(`record of who did what would be deleted.*${OURS}.*aws s3 sync.*--with-audit`, "s"),
    );
  });

  test("do not lose their trail and key by a change of the configuration", async () => {
    buckets = new Map([[OURS, true]]);

    await expect(refuseRecordWithoutTrail(s3, config(false))).rejects.toThrow(
      /audit\.trail\.enabled: false.*stop-logging --name bootstrap-millrace-prod-audit/s,
    );
    await expect(refuseRecordWithoutTrail(s3, config(true))).resolves.toBeUndefined();
  });

  test("of others, and an empty bucket, keep nothing from being destroyed", async () => {
    buckets = new Map([[OURS, false], ...OTHERS.map((name) => [name, true] as const)]);

    await expect(refuseLostRecord(s3, config(true))).resolves.toBeUndefined();
    await expect(refuseRecordWithoutTrail(s3, config(false))).resolves.toBeUndefined();
  });

  function answer(url: string): string {
    const [, name = ""] = /^\/([^/?]+)/.exec(url) ?? [];
    if (name === "") {
      const all = [...buckets.keys()].map((bucket) => `<Bucket><Name>${bucket}</Name></Bucket>`);
      return `<ListAllMyBucketsResult><Buckets>${all.join("")}</Buckets></ListAllMyBucketsResult>`;
    }
    const file = buckets.get(name) ? "<Version><Key>a.json.gz</Key><VersionId>1</VersionId></Version>" : "";
    return `<ListVersionsResult>${file}</ListVersionsResult>`;
  }
});

function config(enabled: boolean) {
  return overrideConfig(prod, { audit: { trail: { enabled } } });
}
