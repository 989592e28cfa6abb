import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { getSignedUrl } from "@aws-sdk/cloudfront-signer";
import { linkLines } from "../../../../../etl/core/pages/page-links";
import { readSigningKey, signLink } from "../../../../../etl/core/pages/signed-link";

const rsa = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = (key: ReturnType<typeof rsa>["privateKey"]) => key.export({ type: "pkcs8", format: "pem" }).toString();
const publicPem = (key: ReturnType<typeof rsa>["privateKey"]) =>
  createPublicKey(key).export({ type: "spki", format: "pem" }).toString();

const { privateKey } = rsa();
const signer = { keyPairId: "K2JCJMDEHXQW5F", privateKey };
const url = "https://d111111abcdef8.cloudfront.net/pages/covid/index.html";
const until = new Date("2026-12-06T06:30:00Z");

/** What AWS's own library makes of the same. */
function libraryLink(ipAddress?: string): URL {
  const [statement] = JSON.parse(policyOf(new URL(signLink(url, { until, network: ipAddress }, signer)))).Statement;
  expect(statement).toEqual({
    Resource: url,
    Condition: {
      DateLessThan: { "AWS:EpochTime": until.getTime() / 1000 },
      ...(ipAddress && { IpAddress: { "AWS:SourceIp": ipAddress } }),
    },
  });
  const policy = JSON.stringify({ Statement: [statement] });
  return new URL(
    getSignedUrl({ policy, url, keyPairId: signer.keyPairId, privateKey: pem(privateKey), algorithm: "SHA256" }),
  );
}

function policyOf({ searchParams }: URL): string {
  const text = searchParams.get("Policy") ?? "";
  return Buffer.from(text.replaceAll("-", "+").replaceAll("_", "=").replaceAll("~", "/"), "base64").toString();
}

describe("a signed link", () => {
  test.each([undefined, "203.0.113.0/24"])("from %s is the one that AWS's library makes", (network) => {
    const ours = new URL(signLink(url, { until, network }, signer));
    const theirs = libraryLink(network);

    expect(ours.origin + ours.pathname).toBe(url);
    expect(Object.fromEntries(ours.searchParams)).toEqual(Object.fromEntries(theirs.searchParams));
    expect(ours.search).not.toMatch(/%/);
  });

  test("is one for each network, and says how long it opens", () => {
    const settings = { domain: "d111111abcdef8.cloudfront.net", days: 7 };
    const now = new Date("2026-11-29T06:30:00Z");

    const everywhere = linkLines("covid", { ...settings, networks: [] }, signer, now);
    const two = linkLines("covid", { ...settings, networks: ["203.0.113.0/24", "198.51.100.7/32"] }, signer, now);

    expect(everywhere).toBe(`Page, until 2026-12-06 06:30 UTC: ${signLink(url, { until }, signer)}`);
    expect(two.split("\n")).toEqual([
      `Page, from 203.0.113.0/24, until 2026-12-06 06:30 UTC: ${signLink(url, { until, network: "203.0.113.0/24" }, signer)}`,
      `Page, from 198.51.100.7/32, until 2026-12-06 06:30 UTC: ${signLink(url, { until, network: "198.51.100.7/32" }, signer)}`,
    ]);
  });
});

describe("the signing key", () => {
  test("is taken from the secret where it is the other half of the public key", () => {
    const read = readSigningKey(`${pem(privateKey)}\n`, publicPem(privateKey));

    expect(read.equals(privateKey)).toBe(true);
  });

  test("is refused where it is of another pair, or none, without a word of the secret", () => {
    const ofAnother = () => readSigningKey(pem(rsa().privateKey), publicPem(privateKey));
    const none = () => readSigningKey("hunter2", publicPem(privateKey));

    expect(ofAnother).toThrow(/^The secret's private key and pages\.web\.publicKey are not one pair\. /);
    expect(none).toThrow(/^The secret of pages\.web\.keySecretArn has no private key: /);
    expect(none).not.toThrow(/hunter2/);
  });
});
