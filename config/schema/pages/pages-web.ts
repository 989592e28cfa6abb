import { createPublicKey } from "node:crypto";
import * as z from "zod";
import { checkedText, flag, keyArn, secretArn, section, wholeNumber } from "../../kinds";

/** A message has a link for each; nobody would read a longer list. */
const MOST_NETWORKS = 5;
const NETWORKS_ALLOWED = `a list of up to ${MOST_NETWORKS} IPv4 ranges as a.b.c.d/0-32`;

/** From a pair whose private key was thrown away. */
const EXAMPLE_KEY = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAutS+x1rFJKB1afGzQ9Rn
LJXd5IMIKASusxL6DTse8FWPtvY5NvRhEpwVgeFvRN/DI1gMxJVi7C8h++jSUbaV
WksYW834IHoDNJoKQnRoL2h+3lxFj3tJ1/KcDnGXXMcTX62Q31cVLFnF6tp5m5Rc
1VrNvKU3xoFNux5HY7NT6jEN44WXKiSETvFENgjuYQchsEVgliZxsVoM1LZODsI4
Wvsa5OSL0N/fU3jXla1UlP8uOQMjeIA6tGQA2L9ZEvc46H20pOEiHd7skuw7zjrk
aeGK1gb9MqlDp2+pA7wq7ndB1BRUEcu/6rltDeU19eBHg4tI3GRRK5mZhgqc3rT8
HwIDAQAB
-----END PUBLIC KEY-----`;

export const pagesWebSchema = section({
  enabled: flag()
    .default(false)
    .meta({
      description:
        "Whether pages can be opened in a browser without an AWS login: through CloudFront, with a signed link in the mail. `npm run page-key` makes the pair of keys.",
      examples: [false],
    }),
  publicKey: checkedText(isSigningKey, "an RSA public key of 2048 bits as PEM (-----BEGIN PUBLIC KEY-----)")
    .optional()
    .meta({
      description: "The public key of the pair that signs links. Replacing it ends all links sent so far.",
      examples: [EXAMPLE_KEY],
    }),
  keySecretArn: secretArn()
    .optional()
    .meta({
      description: "The secret whose plain text is the private key as PEM.",
      examples: ["arn:aws:secretsmanager:eu-central-1:111122223333:secret:millrace-dev-page-key-20261129-AbCdEf"],
    }),
  keySecretKeyArn: keyArn()
    .optional()
    .meta({
      description: "The customer key of that secret, where it has one.",
      examples: ["arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"],
    }),
  days: wholeNumber(1, 366)
    .default(7)
    .meta({ description: "How long a link opens its page, in days.", examples: [30] }),
  networks: z
    .array(z.cidrv4("an IPv4 range as a.b.c.d/0-32"), NETWORKS_ALLOWED)
    .max(MOST_NETWORKS, NETWORKS_ALLOWED)
    .refine((networks) => new Set(networks).size === networks.length, "a list of different ranges")
    .default([])
    .meta({
      allowed: NETWORKS_ALLOWED,
      description:
        "Networks from which links may be opened; unset: everywhere. CloudFront allows one range per link, so a mail has one link for each.",
      examples: [["203.0.113.0/24"]],
    }),
})
  .prefault({})
  .refine(({ enabled, publicKey }) => !enabled || publicKey !== undefined, {
    path: ["publicKey"],
    error: "the public key, since pages.web.enabled is true: npm run page-key makes the pair",
  })
  .refine(({ enabled, keySecretArn }) => !enabled || keySecretArn !== undefined, {
    path: ["keySecretArn"],
    error: "the private key's secret, since pages.web.enabled is true: npm run page-key makes it",
  })
  .meta({ description: "Pages in a browser, for people without an AWS login." });

/** "Create key pairs for your signers", CloudFront developer guide; it also accepts ECDSA, which signs differently. */
function isSigningKey(pem: string): boolean {
  // A private key would be accepted here too: it contains the public one.
  if (!/^\s*-----BEGIN PUBLIC KEY-----\n/.test(pem)) return false;
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPublicKey(pem);
    return asymmetricKeyType === "rsa" && asymmetricKeyDetails?.modulusLength === 2048;
  } catch {
    return false;
  }
}
