import { X509Certificate } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSecureContext } from "node:tls";
import { readAuthorities } from "../../../../../etl/adapters/postgres/rds-authorities";

/** Where an account can have RDS without asking for it, and some of the regions that are opted into. */
const REGIONS = [
  "us-east-1",
  "us-east-2",
  "us-west-1",
  "us-west-2",
  "ca-central-1",
  "sa-east-1",
  "eu-central-1",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "eu-north-1",
  "ap-south-1",
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-northeast-3",
  "ap-southeast-1",
  "ap-southeast-2",
  "eu-south-1",
  "eu-central-2",
  "af-south-1",
  "me-central-1",
  "ap-southeast-4",
];

describe("readAuthorities", () => {
  const subjects = new Map(certificates(readAuthorities()).map((each) => [commonName(each), each]));

  test.each(REGIONS)("holds the three current authorities of RDS in %s, good for ten years", (region) => {
    for (const kind of ["RSA2048", "RSA4096", "ECC384"]) {
      const authority = subjects.get(`Amazon RDS ${region} Root CA ${kind} G1`);
      expect(Date.parse(authority?.validTo ?? "")).toBeGreaterThan(Date.parse("2036-01-01"));
    }
  });

  test("holds those of RDS Proxy", () => {
    expect([...subjects.keys()]).toEqual(expect.arrayContaining(["Amazon Root CA 1", "Amazon Root CA 4"]));
  });

  test("is what TLS takes", () => {
    expect(() => createSecureContext({ ca: readAuthorities() })).not.toThrow();
  });

  test("adds the authorities of a file", async () => {
    // Prepare
    const folder = await mkdtemp(join(tmpdir(), "millrace-authorities-"));
    const file = join(folder, "own.pem");
    await writeFile(file, "-----BEGIN CERTIFICATE-----\nown\n-----END CERTIFICATE-----\n");

    // Act
    const authorities = readAuthorities(file);

    // Assess
    await rm(folder, { recursive: true });
    expect(authorities.replace(readAuthorities(), "")).toContain("\nown\n");
  });
});

function certificates(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => new X509Certificate(block));
}

function commonName({ subject }: X509Certificate): string | undefined {
  return /^CN=(.*)$/m.exec(subject)?.[1]?.trim();
}
