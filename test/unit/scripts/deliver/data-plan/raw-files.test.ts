import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { dev } from "../../../../../config/dev";
import { overrideConfig } from "../../../../../config/load";
import type { Overrides } from "../../../../../config/overrides";
import { downloadDeployed, downloadFolder, parseS3, partsOf } from "../../../../../scripts/deliver/data-plan/raw-files";
import { FakeS3 } from "../../../../support/fakes/fake-s3";

const ACCOUNT = "111122223333";

describe("raw files of a data plan in S3", () => {
  let fake: FakeS3;
  let s3: S3Client;
  let folder: string;
  const told: string[] = [];
  const say = (text: string) => void told.push(text);

  beforeEach(async () => {
    fake = await FakeS3.start();
    const credentials = { accessKeyId: "made-up", secretAccessKey: "made-up" };
    s3 = new S3Client({ region: "eu-central-1", endpoint: fake.endpoint, forcePathStyle: true, credentials });
    folder = mkdtempSync(join(tmpdir(), "millrace-raw-"));
    told.length = 0;
  });

  afterEach(async () => {
    s3.destroy();
    await fake.stop();
    rmSync(folder, { recursive: true });
  });

  const put = (address: string, text: string) => fake.objects.set(address, Buffer.from(text));
  const files = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort();
  const deployed = (overrides: Overrides) => {
    const config = overrideConfig(dev, overrides);
    return downloadDeployed(folder, { config, s3, say, account: async () => ACCOUNT });
  };

  test.each([
    ["s3://acme", { bucket: "acme", prefix: "" }],
    ["s3://acme/", { bucket: "acme", prefix: "" }],
    ["s3://acme/raw/2026", { bucket: "acme", prefix: "raw/2026/" }],
    ["s3://acme/raw/", { bucket: "acme", prefix: "raw/" }],
    ["samples", undefined],
  ])("%s is %j", (from, expected) => {
    expect(parseS3(from)).toEqual(expected);
  });

  test("an address without a bucket is refused", () => {
    expect(() => parseS3("s3:///raw")).toThrow(/names no bucket.*s3:\/\/BUCKET\/PREFIX/s);
  });

  test("all below a prefix come with their folders and times, and no verdicts, markers or empty objects", async () => {
    put("acme/raw/covid/cases.csv", "date,cases,deaths\n");
    put("acme/raw/feeds/sales/2026/a.csv", "a\n");
    put("acme/raw/feeds/sales/2026/a.csv.verdict.json", "{}");
    put("acme/raw/feeds/sales/", "");
    put("acme/rawer/b.csv", "b\n");

    await downloadFolder({ bucket: "acme", prefix: "raw/" }, folder, { s3, say });

    expect(files()).toEqual(["covid/cases.csv", "feeds/sales/2026/a.csv"]);
    expect(readFileSync(join(folder, "covid/cases.csv"), "utf8")).toBe("date,cases,deaths\n");
    expect(statSync(join(folder, "feeds/sales/2026/a.csv")).mtime).toEqual(new Date("2026-01-02T00:00:00Z"));
    expect(await partsOf(folder)).toEqual(["covid", "feeds/sales"]);
    expect(told).toEqual(["s3://acme/raw/: 2 raw objects, 20 bytes"]);
  });

  test("an empty prefix, and a key that leads out of the folder, are refused", async () => {
    put("acme/raw/../../b.csv", "b\n");

    await expect(downloadFolder({ bucket: "acme", prefix: "none/" }, folder, { s3, say })).rejects.toThrow(
      /There are no raw files.*s3:\/\/acme\/none\//,
    );
    await expect(downloadFolder({ bucket: "acme", prefix: "raw/" }, folder, { s3, say })).rejects.toThrow(
      /A key leads out of the folder/,
    );
  });

  test("of a deployed environment come the newest of each feed, and of each source of covid the last", async () => {
    // Prepare
    for (const at of [1, 2, 3]) put(`millrace-dev-incoming-${ACCOUNT}/sales/${at}.csv`, `sale ${at}\n`);
    put(`acme-raw/in/of-others.csv`, "reading\n");
    const raw = `millrace-dev-raw-${ACCOUNT}/covid`;
    for (const at of [1, 2]) put(`${raw}/cases/2026-01-0${at}/${at}.csv`, `case ${at}\n`);
    put(`${raw}/recoveries/2026-01-01/a.csv`, "recovery\n");
    const feeds = { sales: {}, readings: { source: { bucket: "acme-raw", prefix: "in/" } }, off: { enabled: false } };

    // Act
    await deployed({ dataPlan: { rawObjects: 2 }, feeds });

    // Assess
    expect(files()).toEqual([
      "covid/cases.csv",
      "covid/recoveries.csv",
      "feeds/readings/of-others.csv",
      "feeds/sales/2.csv",
      "feeds/sales/3.csv",
    ]);
    expect(readFileSync(join(folder, "covid/cases.csv"), "utf8")).toBe("case 2\n");
    expect(told).toContain("feeds/sales: 2 raw objects, 14 bytes");
  });

  test("covid is left to the samples where one of its sources was never downloaded", async () => {
    put(`millrace-dev-raw-${ACCOUNT}/covid/cases/2026-01-01/1.csv`, "case 1\n");

    await deployed({ dataPlan: { rawObjects: 2 } });

    expect(files()).toEqual([]);
    expect(told).toEqual(["covid/cases: 1 raw object, 7 bytes", "covid/recoveries: no raw object"]);
  });

  test("none is read unless the configuration says so", async () => {
    await expect(deployed({})).rejects.toThrow(/No raw objects of dev are compared.*dataPlan\.rawObjects 0/s);
    expect(fake.requests).toEqual([]);
  });
});
