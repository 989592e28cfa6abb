import { createPrivateKey, createPublicKey, createSign, type KeyObject } from "node:crypto";
import { UsageError } from "../errors";

/** A signer: CloudFront's id of the public key, and the private key. */
export interface LinkSigner {
  readonly keyPairId: string;
  readonly privateKey: KeyObject;
}

export interface LinkLimits {
  /** The time at which the link expires. */
  readonly until: Date;
  /** The one IPv4 range that may open it. @default all of them */
  readonly network?: string;
}

/**
 * A link that CloudFront opens for anyone who has it, within limits ("Create a signed URL using a custom policy",
 * CloudFront developer guide). `@aws-sdk/cloudfront-signer` makes the same, as a test shows; it is not part of Lambda's
 * runtime, and bundling it would include a second copy of parts that are.
 */
export function signLink(url: string, { until, network }: LinkLimits, { keyPairId, privateKey }: LinkSigner): string {
  const policy = JSON.stringify({
    Statement: [
      {
        Resource: url,
        Condition: {
          DateLessThan: { "AWS:EpochTime": Math.floor(until.getTime() / 1000) },
          ...(network !== undefined && { IpAddress: { "AWS:SourceIp": network } }),
        },
      },
    ],
  });
  const signature = createSign("RSA-SHA256").update(policy).sign(privateKey);
  const parameters = [
    `Policy=${forAddress(Buffer.from(policy))}`,
    `Key-Pair-Id=${keyPairId}`,
    `Signature=${forAddress(signature)}`,
    "Hash-Algorithm=SHA256",
  ];
  return `${url}?${parameters.join("&")}`;
}

/**
 * The private key of a secret.
 *
 * @param publicKey PEM of the other half, which CloudFront has
 * @throws UsageError if it is none, or of another pair: CloudFront would refuse every link
 */
export function readSigningKey(secret: string, publicKey: string): KeyObject {
  const privateKey = parsePrivateKey(secret);
  if (spki(createPublicKey(privateKey)).equals(spki(createPublicKey(publicKey)))) return privateKey;
  throw new UsageError("The secret's private key and pages.web.publicKey are not one pair", {
    fix: "Set pages.web.publicKey and pages.web.keySecretArn to the output of one call of npm run page-key, and deploy",
  });
}

function parsePrivateKey(secret: string): KeyObject {
  try {
    return createPrivateKey(secret);
  } catch {
    // The cause might reveal a part of the text.
    throw new UsageError("The secret of pages.web.keySecretArn has no private key", {
      expected: "PEM, as written by npm run page-key",
      fix: "Create a pair (npm run page-key), set both settings in the configuration and deploy",
    });
  }
}

function spki(key: KeyObject): Buffer {
  return key.export({ type: "spki", format: "der" });
}

/** Base64 without the characters that have a meaning in an address. */
function forAddress(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("+", "-").replaceAll("=", "_").replaceAll("/", "~");
}
